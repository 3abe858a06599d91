package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The defaults of the built-in kinds that somebody here writes (Kubernetes, API reference). */
final class BuiltInDefaults {
  private BuiltInDefaults() {}

  /** Fills in what was left out of a wish. */
  static void apply(ResourceType type, ObjectNode object) {
    switch (type.plural()) {
      case "deployments" -> {
        ObjectNode spec = Json.child(object, "spec");
        put(spec, "replicas", 1);
        put(spec, "revisionHistoryLimit", 10);
        put(spec, "progressDeadlineSeconds", 600);
        strategy(spec);
        PodDefaults.template(spec);
      }
      case "replicasets" -> {
        put(Json.child(object, "spec"), "replicas", 1);
        PodDefaults.template(Json.child(object, "spec"));
      }
      case "services" -> service(Json.child(object, "spec"));
      case "pods" -> {
        ObjectNode spec = Json.child(object, "spec");
        put(spec, "serviceAccountName", "default");
        PodDefaults.spec(spec);
        put(Json.child(object, "status"), "phase", "Pending");
      }
      case "namespaces" -> put(Json.child(object, "status"), "phase", "Active");
      case "configmaps" -> {
        for (String field : new String[] {"data", "binaryData"}) {
          if (object.path(field).isObject() && object.path(field).isEmpty()) {
            object.remove(field);
          }
        }
      }
      case "secrets" -> secret(object);
      default -> {
        // Taken as it comes.
      }
    }
  }

  /** A kind's object before anything is said of it: what holds its values is there already. */
  static ObjectNode nothing(ResourceType type) {
    ObjectNode nothing = Json.object();
    if (!type.custom()) {
      ObjectNode spec = nothing.putObject("spec");
      if (type.plural().equals("deployments") || type.plural().equals("replicasets")) {
        spec.putObject("strategy");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata");
        template.putObject("spec").putNull("containers");
      }
    }
    return nothing;
  }

  /** What a new object reports before anybody looked at it; it is nobody's. */
  static void status(ResourceType type, ObjectNode object) {
    if (object.has("status")) {
      return;
    }
    switch (type.plural()) {
      case "deployments", "replicasets" -> object.putObject("status");
      case "services" -> {
        if (!type.custom()) {
          object.putObject("status").putObject("loadBalancer");
        }
      }
      case "horizontalpodautoscalers" ->
          object.putObject("status").put("desiredReplicas", 0).putNull("currentMetrics");
      default -> {
        // Nothing to report.
      }
    }
  }

  private static void strategy(ObjectNode spec) {
    ObjectNode strategy = Json.child(spec, "strategy");
    put(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      ObjectNode rolling = Json.child(strategy, "rollingUpdate");
      put(rolling, "maxUnavailable", "25%");
      put(rolling, "maxSurge", "25%");
    }
  }

  private static void service(ObjectNode spec) {
    put(spec, "type", "ClusterIP");
    put(spec, "sessionAffinity", "None");
    put(spec, "internalTrafficPolicy", "Cluster");
    put(spec, "ipFamilyPolicy", "SingleStack");
    if (!spec.has("ipFamilies")) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    // A cluster address is the network's to give, and there is none here.
    if (spec.has("clusterIP") && !spec.has("clusterIPs")) {
      spec.putArray("clusterIPs").add(spec.get("clusterIP"));
    }
    for (JsonNode port : spec.path("ports")) {
      put((ObjectNode) port, "protocol", "TCP");
      if (!port.has("targetPort")) {
        ((ObjectNode) port).set("targetPort", port.path("port"));
      }
    }
  }

  private static void secret(ObjectNode object) {
    put(object, "type", "Opaque");
    if (object.get("stringData") instanceof ObjectNode plain) {
      ObjectNode data = Json.child(object, "data");
      for (Map.Entry<String, JsonNode> e : plain.properties()) {
        byte[] value = e.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(e.getKey(), Base64.getEncoder().encodeToString(value));
      }
      object.remove("stringData");
    }
  }

  static void put(ObjectNode object, String field, int value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }

  static void put(ObjectNode object, String field, String value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }
}
