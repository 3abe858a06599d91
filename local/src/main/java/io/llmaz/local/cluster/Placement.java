package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Chooses a pod's node: ready, not cordoned, with the labels asked for, and with fewest pods. */
final class Placement {

  private Placement() {}

  static Optional<Node> choose(Pod pod, List<Node> nodes, List<Pod> pods) {
    return nodes.stream()
        .filter(Placement::isReady)
        .filter(node ->
            !Boolean.TRUE.equals(node.getSpec() == null ? null : node.getSpec().getUnschedulable()))
        .filter(node -> hasLabels(node, pod))
        .min(
            Comparator.comparingLong((Node node) -> podsOn(node, pods))
                .thenComparing(node -> node.getMetadata().getName()));
  }

  private static boolean isReady(Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static boolean hasLabels(Node node, Pod pod) {
    Map<String, String> wanted =
        Objects.requireNonNullElse(pod.getSpec().getNodeSelector(), Map.of());
    Map<String, String> labels =
        Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  private static long podsOn(Node node, List<Pod> pods) {
    return pods.stream()
        .filter(Pods::isActive)
        .filter(pod -> node.getMetadata().getName().equals(pod.getSpec().getNodeName()))
        .count();
  }
}
