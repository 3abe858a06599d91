package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The few defaults of built-in kinds that somebody here relies on. */
final class BuiltInDefaults {
  private BuiltInDefaults() {}

  static void apply(ResourceType type, ObjectNode object) {
    switch (type.plural()) {
      case "deployments", "replicasets" -> put(Json.child(object, "spec"), "replicas", 1);
      case "services" -> {
        ObjectNode spec = Json.child(object, "spec");
        if (!spec.has("type")) {
          spec.put("type", "ClusterIP");
        }
      }
      case "pods" -> {
        ObjectNode spec = Json.child(object, "spec");
        if (!spec.has("serviceAccountName")) {
          spec.put("serviceAccountName", "default");
        }
        if (!spec.has("restartPolicy")) {
          spec.put("restartPolicy", "Always");
        }
        ObjectNode status = Json.child(object, "status");
        if (!status.has("phase")) {
          status.put("phase", "Pending");
        }
      }
      case "namespaces" -> {
        ObjectNode status = Json.child(object, "status");
        if (!status.has("phase")) {
          status.put("phase", "Active");
        }
      }
      case "secrets" -> {
        if (object.get("stringData") instanceof ObjectNode plain) {
          ObjectNode data = Json.child(object, "data");
          plain
              .properties()
              .forEach(e ->
                  data.put(
                      e.getKey(),
                      java.util.Base64.getEncoder()
                          .encodeToString(
                              e.getValue()
                                  .asText()
                                  .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
          object.remove("stringData");
        }
      }
      default -> {
        // Taken as it comes.
      }
    }
  }

  private static void put(ObjectNode spec, String field, int value) {
    if (!spec.has(field)) {
      spec.put(field, value);
    }
  }
}
