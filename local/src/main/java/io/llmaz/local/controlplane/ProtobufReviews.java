package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Reviews in Kubernetes' protobuf, as kubectl asks them in no other form. The envelope is {@code
 * k8s\0} and a {@code runtime.Unknown}; numbers are those of {@code authorization/v1} in
 * k8s.io/api's {@code generated.proto}. Other kinds are left out: nobody sends them to us so.
 */
final class ProtobufReviews {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private static final Shape ATTRIBUTES =
      new Shape(
          Map.of(
              1,
              "namespace",
              2,
              "verb",
              3,
              "group",
              4,
              "version",
              5,
              "resource",
              6,
              "subresource",
              7,
              "name"),
          Map.of());
  private static final Shape PATH = new Shape(Map.of(1, "path", 2, "verb"), Map.of());
  private static final Shape SPEC =
      new Shape(
          Map.of(3, "user"),
          Map.of(
              1, Map.entry("resourceAttributes", ATTRIBUTES),
              2, Map.entry("nonResourceAttributes", PATH)));
  private static final Map<String, Shape> KINDS =
      Map.of(
          "SelfSubjectAccessReview", new Shape(Map.of(), Map.of(2, Map.entry("spec", SPEC))),
          "SubjectAccessReview", new Shape(Map.of(), Map.of(2, Map.entry("spec", SPEC))));

  private ProtobufReviews() {}

  /** A message's fields by number: texts, and messages with their shapes. */
  private record Shape(
      Map<Integer, String> texts, Map<Integer, Map.Entry<String, Shape>> messages) {}

  /** The body as JSON; empty when it is of another kind. */
  static Optional<ObjectNode> read(byte[] body) throws IOException {
    if (body.length < MAGIC.length
        || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    CodedInputStream envelope =
        CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
    ObjectNode type = Json.object();
    byte[] raw = {};
    for (int tag = envelope.readTag(); tag != 0; tag = envelope.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 ->
            type =
                read(
                    envelope.readByteArray(),
                    new Shape(Map.of(1, "apiVersion", 2, "kind"), Map.of()));
        case 2 -> raw = envelope.readByteArray();
        default -> envelope.skipField(tag);
      }
    }
    Shape shape = KINDS.get(type.path("kind").asText());
    if (shape == null) {
      return Optional.empty();
    }
    type.setAll(read(raw, shape));
    return Optional.of(type);
  }

  private static ObjectNode read(byte[] message, Shape shape) throws IOException {
    ObjectNode object = Json.object();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      Map.Entry<String, Shape> below = shape.messages().get(number);
      if (below != null) {
        object.set(below.getKey(), read(in.readByteArray(), below.getValue()));
      } else if (shape.texts().containsKey(number)) {
        object.put(shape.texts().get(number), in.readString());
      } else {
        in.skipField(tag);
      }
    }
    return object;
  }
}
