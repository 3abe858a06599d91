package io.llmaz.local.controlplane;

import static io.llmaz.local.controlplane.BuiltInDefaults.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The defaults of pods and of what becomes pods (Kubernetes, pkg/apis/core/v1/defaults.go). */
final class PodDefaults {
  private static final int DEFAULT_MODE = 0644;

  private PodDefaults() {}

  /** Fills in the template of a workload. */
  static void template(ObjectNode workload) {
    if (workload.path("template").path("spec") instanceof ObjectNode pod) {
      spec(pod);
    }
  }

  /** Fills in a pod's wish. */
  static void spec(ObjectNode pod) {
    put(pod, "restartPolicy", "Always");
    put(pod, "dnsPolicy", "ClusterFirst");
    put(pod, "schedulerName", "default-scheduler");
    put(pod, "terminationGracePeriodSeconds", 30);
    Json.child(pod, "securityContext");
    for (String list : new String[] {"initContainers", "containers"}) {
      for (JsonNode container : pod.path(list)) {
        container((ObjectNode) container);
      }
    }
    for (JsonNode volume : pod.path("volumes")) {
      volume((ObjectNode) volume);
    }
  }

  private static void container(ObjectNode container) {
    put(container, "terminationMessagePath", "/dev/termination-log");
    put(container, "terminationMessagePolicy", "File");
    String image = container.path("image").asText();
    String name = image.substring(image.lastIndexOf('/') + 1);
    boolean moving = !name.contains("@") && (!name.contains(":") || name.endsWith(":latest"));
    put(container, "imagePullPolicy", moving ? "Always" : "IfNotPresent");
    for (JsonNode amounts : Json.child(container, "resources")) {
      amounts
          .properties()
          .forEach(amount -> {
            if (amount.getValue().isNumber()) {
              ((ObjectNode) amounts).put(amount.getKey(), amount.getValue().asText());
            }
          });
    }
    for (JsonNode port : container.path("ports")) {
      put((ObjectNode) port, "protocol", "TCP");
    }
    for (JsonNode variable : container.path("env")) {
      if (variable.path("valueFrom").path("fieldRef") instanceof ObjectNode field) {
        put(field, "apiVersion", "v1");
      }
    }
    for (String probe : new String[] {"startupProbe", "livenessProbe", "readinessProbe"}) {
      if (container.path(probe) instanceof ObjectNode check) {
        put(check, "timeoutSeconds", 1);
        put(check, "periodSeconds", 10);
        put(check, "successThreshold", 1);
        put(check, "failureThreshold", 3);
        if (check.path("httpGet") instanceof ObjectNode request) {
          put(request, "scheme", "HTTP");
        }
      }
    }
  }

  private static void volume(ObjectNode volume) {
    for (String source : new String[] {"configMap", "secret", "projected", "downwardAPI"}) {
      if (volume.path(source) instanceof ObjectNode files) {
        put(files, "defaultMode", DEFAULT_MODE);
      }
    }
    if (volume.path("hostPath") instanceof ObjectNode host) {
      put(host, "type", "");
    }
    for (JsonNode source : volume.path("projected").path("sources")) {
      if (source.path("serviceAccountToken") instanceof ObjectNode token) {
        put(token, "expirationSeconds", 3600);
      }
    }
  }
}
