package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Keeps as many pods as a ReplicaSet asks for. */
final class ReplicaSetController {
  /** Letters of generated names, as Kubernetes has them: no vowels, no words. */
  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private static final Comparator<Pod> FIRST_TO_GO =
      Comparator.comparing(Pods::isScheduled)
          .thenComparing(Pods::isReady)
          .thenComparing(
              Comparator.comparing((Pod pod) ->
                      Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""))
                  .reversed())
          .thenComparing(pod -> pod.getMetadata().getName());

  private final KubernetesClient client;
  private final RandomGenerator random;

  ReplicaSetController(KubernetesClient client, RandomGenerator random) {
    this.client = client;
    this.random = random;
  }

  void reconcile(ObjectKey key) {
    ReplicaSet set =
        client.apps().replicaSets().inNamespace(key.namespace()).withName(key.name()).get();
    if (set == null || set.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    List<Pod> pods = active(set);
    int desired = Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
    for (int i = pods.size(); i < desired; i++) {
      client.pods().inNamespace(key.namespace()).resource(pod(set)).create();
    }
    if (pods.size() > desired) {
      toRemove(pods, pods.size() - desired)
          .forEach(pod ->
              client
                  .pods()
                  .inNamespace(key.namespace())
                  .withName(pod.getMetadata().getName())
                  .delete());
    }
    report(set, pods);
  }

  /** Pods that serve least go first: unscheduled, then not ready, then young. */
  static List<Pod> toRemove(List<Pod> pods, int count) {
    return pods.stream().sorted(FIRST_TO_GO).limit(count).toList();
  }

  private List<Pod> active(ReplicaSet set) {
    return client
        .pods()
        .inNamespace(set.getMetadata().getNamespace())
        .withLabels(set.getSpec().getSelector().getMatchLabels())
        .list()
        .getItems()
        .stream()
        .filter(Pods::isActive)
        .filter(pod ->
            pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(o -> o.getUid().equals(set.getMetadata().getUid())))
        .toList();
  }

  private Pod pod(ReplicaSet set) {
    StringBuilder name = new StringBuilder(set.getMetadata().getName()).append('-');
    for (int i = 0; i < 5; i++) {
      name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
    }
    return new PodBuilder()
        .withMetadata(set.getSpec().getTemplate().getMetadata())
        .editOrNewMetadata()
        .withName(name.toString())
        .withNamespace(set.getMetadata().getNamespace())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName(set.getMetadata().getName())
                .withUid(set.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build())
        .endMetadata()
        .withSpec(set.getSpec().getTemplate().getSpec())
        .build();
  }

  private void report(ReplicaSet set, List<Pod> pods) {
    int ready = (int) pods.stream().filter(Pods::isReady).count();
    ReplicaSetStatus next =
        new ReplicaSetStatusBuilder()
            .withObservedGeneration(set.getMetadata().getGeneration())
            .withReplicas(pods.size())
            .withFullyLabeledReplicas(pods.size())
            .withReadyReplicas(ready)
            .withAvailableReplicas(ready)
            .build();
    if (!next.equals(set.getStatus())) {
      Merge.status(
          client
              .apps()
              .replicaSets()
              .inNamespace(set.getMetadata().getNamespace())
              .withName(set.getMetadata().getName()),
          next);
    }
  }
}
