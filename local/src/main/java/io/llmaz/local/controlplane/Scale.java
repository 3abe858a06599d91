package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The scale subresource: {@code autoscaling/v1 Scale} as a view of an object. */
final class Scale {
  private Scale() {}

  static ObjectNode of(ResourceType type, ObjectNode object) {
    ResourceType.ScalePaths paths = type.scale().orElseThrow();
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      metadata.put(field, Meta.text(object, field));
    }
    scale.putObject("spec").put("replicas", at(object, paths.specReplicas()).asInt());
    ObjectNode status = scale.putObject("status");
    status.put("replicas", at(object, paths.statusReplicas()).asInt());
    // A leading dot marks a built-in kind, whose selector is an object in spec.
    String selector =
        paths.selector().startsWith(".")
            ? matchLabels(object.path("spec").path("selector").path("matchLabels"))
            : at(object, paths.selector()).asText("");
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** Writes the wanted replicas of a Scale into its object. */
  static void writeTo(ResourceType type, ObjectNode object, JsonNode scale) {
    String[] path = type.scale().orElseThrow().specReplicas().split("\\.");
    ObjectNode node = object;
    for (int i = 0; i < path.length - 1; i++) {
      node = Json.child(node, path[i]);
    }
    node.put(path[path.length - 1], scale.path("spec").path("replicas").asInt());
    String version = Meta.text(scale, "resourceVersion");
    if (!version.isEmpty()) {
      Meta.of(object).put("resourceVersion", version);
    }
  }

  /** Says what is wrong with an object's wanted replicas, which no schema bounds. */
  static void validate(
      ResourceType.ScalePaths paths, ObjectNode object, List<ApiException.Cause> causes) {
    long replicas = at(object, paths.specReplicas()).asLong();
    if (replicas < 0) {
      causes.add(
          new ApiException.Cause(
              "FieldValueInvalid",
              "." + paths.specReplicas(),
              "Invalid value: " + replicas + ": should be a non-negative integer"));
    }
  }

  private static JsonNode at(JsonNode object, String path) {
    JsonNode node = object;
    for (String name : path.split("\\.")) {
      node = node.path(name);
    }
    return node;
  }

  private static String matchLabels(JsonNode labels) {
    List<String> terms = new ArrayList<>();
    labels.properties().forEach(e -> terms.add(e.getKey() + "=" + e.getValue().asText()));
    return String.join(",", terms);
  }
}
