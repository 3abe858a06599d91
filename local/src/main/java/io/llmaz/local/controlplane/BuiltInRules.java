package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.local.controlplane.ApiException.Cause;
import java.util.ArrayList;
import java.util.List;

/** The few rules of built-in kinds that somebody here could break. */
final class BuiltInRules {
  private BuiltInRules() {}

  /**
   * Refuses what a real server would refuse.
   *
   * @throws ApiException 400 for a value of another type, 422 for one that breaks a rule
   */
  static void check(ResourceType type, ObjectNode object) {
    switch (type.plural()) {
      case "configmaps" -> {
        for (JsonNode value : object.path("data")) {
          if (!value.isTextual()) {
            throw ApiException.badRequest(
                "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal %s into Go struct field ConfigMap.data of type string"
                    .formatted(jsonType(value)));
          }
        }
      }
      case "deployments", "replicasets" -> checkTemplate(type, object);
      default -> {
        // Taken as it comes.
      }
    }
  }

  private static void checkTemplate(ResourceType type, ObjectNode object) {
    List<Cause> causes = new ArrayList<>();
    JsonNode template = object.path("spec").path("template");
    JsonNode labels = template.path("metadata").path("labels");
    boolean selected =
        object.path("spec").path("selector").path("matchLabels").properties().stream()
            .allMatch(wanted -> wanted.getValue().equals(labels.path(wanted.getKey())));
    if (!selected) {
      causes.add(
          new Cause(
              "FieldValueInvalid",
              "spec.template.metadata.labels",
              "Invalid value: " + labels + ": `selector` does not match template `labels`"));
    }
    if (template.path("spec").path("containers").isEmpty()) {
      causes.add(
          new Cause("FieldValueRequired", "spec.template.spec.containers", "Required value"));
    }
    if (!causes.isEmpty()) {
      throw ApiException.invalid(type, Meta.name(object), causes);
    }
  }

  private static String jsonType(JsonNode value) {
    return value.isNumber()
        ? "number"
        : value.isBoolean() ? "bool" : value.isArray() ? "array" : "object";
  }
}
