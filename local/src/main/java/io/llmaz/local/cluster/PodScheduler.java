package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Binds pending pods of the default scheduler to nodes. */
final class PodScheduler {
  private static final String NAME = "default-scheduler";

  private final KubernetesClient client;
  private final InstantSource clock;

  PodScheduler(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  void reconcile(ObjectKey key) {
    Pod pod = client.pods().inNamespace(key.namespace()).withName(key.name()).get();
    if (pod == null || !isMine(pod)) {
      return;
    }
    List<Node> nodes = client.nodes().list().getItems();
    Optional<Node> chosen =
        Placement.choose(pod, nodes, client.pods().inAnyNamespace().list().getItems());
    if (chosen.isPresent()) {
      bind(key, chosen.get().getMetadata().getName());
    } else {
      reportUnschedulable(pod, nodes.size());
    }
  }

  /** Whether it waits for this scheduler. */
  static boolean isMine(Pod pod) {
    String scheduler = pod.getSpec().getSchedulerName();
    return Pods.isActive(pod)
        && !Pods.isScheduled(pod)
        && (scheduler == null || scheduler.isEmpty() || scheduler.equals(NAME));
  }

  private void bind(ObjectKey key, String node) {
    Binding binding =
        new BindingBuilder()
            .withNewMetadata()
            .withName(key.name())
            .withNamespace(key.namespace())
            .endMetadata()
            .withNewTarget()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(node)
            .endTarget()
            .build();
    client.raw(
        "/api/v1/namespaces/" + key.namespace() + "/pods/" + key.name() + "/binding",
        "POST",
        binding);
  }

  private void reportUnschedulable(Pod pod, int nodes) {
    String message =
        "0/" + nodes + " nodes are available: none is ready and has the labels that are asked for";
    boolean known =
        pod.getStatus() != null
            && pod.getStatus().getConditions().stream()
                .anyMatch(c -> message.equals(c.getMessage()));
    if (known) {
      return;
    }
    PodCondition condition =
        new PodConditionBuilder()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage(message)
            .withLastTransitionTime(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
            .build();
    Merge.status(
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName()),
        Map.of("conditions", List.of(condition)));
  }
}
