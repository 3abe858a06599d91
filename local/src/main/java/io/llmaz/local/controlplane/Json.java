package io.llmaz.local.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The one way in which this package reads and writes JSON. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectMapper PLAIN =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode read(byte[] json) throws IOException {
    return MAPPER.readTree(json);
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Maps, lists and values, with integers as CEL has them. */
  static Object plain(JsonNode node) {
    return PLAIN.convertValue(node, Object.class);
  }

  static JsonNode of(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** The object below a key, made when it is missing or something else. */
  static ObjectNode child(ObjectNode parent, String key) {
    return parent.get(key) instanceof ObjectNode child ? child : parent.putObject(key);
  }
}
