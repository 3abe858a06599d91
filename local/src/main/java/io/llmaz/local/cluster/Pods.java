package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Pod;

/** What a pod's status says. */
final class Pods {

  private Pods() {}

  /** Whether it runs or may come to run. */
  static boolean isActive(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null && !isEnded(pod);
  }

  /** Whether its containers have ended for good. */
  static boolean isEnded(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  static boolean isScheduled(Pod pod) {
    return pod.getSpec().getNodeName() != null && !pod.getSpec().getNodeName().isEmpty();
  }
}
