package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Makes a ReplicaSet of each pod template and moves replicas from old ones to the current one. */
final class DeploymentController {
  private final KubernetesClient client;
  private final InstantSource clock;

  DeploymentController(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  void reconcile(ObjectKey key) {
    Deployment deployment =
        client.apps().deployments().inNamespace(key.namespace()).withName(key.name()).get();
    if (deployment == null || deployment.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    String hash = TemplateHash.of(deployment.getSpec().getTemplate());
    List<ReplicaSet> owned = owned(deployment);
    Optional<ReplicaSet> found = owned.stream().filter(set -> hash.equals(hash(set))).findFirst();
    List<ReplicaSet> old = owned.stream().filter(set -> !hash.equals(hash(set))).toList();
    ReplicaSet current =
        found.orElseGet(() ->
            client
                .apps()
                .replicaSets()
                .inNamespace(key.namespace())
                .resource(replicaSet(deployment, hash))
                .create());
    if (!Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
      changes(deployment, current, old)
          .forEach((name, replicas) -> scale(key.namespace(), name, replicas));
    }
    report(deployment, current, old);
  }

  private List<ReplicaSet> owned(Deployment deployment) {
    return client
        .apps()
        .replicaSets()
        .inNamespace(deployment.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(set ->
            set.getMetadata().getOwnerReferences().stream()
                .anyMatch(o -> o.getUid().equals(deployment.getMetadata().getUid())))
        .toList();
  }

  private static @Nullable String hash(ReplicaSet set) {
    Map<String, String> labels = set.getMetadata().getLabels();
    return labels == null ? null : labels.get(TemplateHash.LABEL);
  }

  private static ReplicaSet replicaSet(Deployment deployment, String hash) {
    Map<String, String> labels =
        new HashMap<>(
            Objects.requireNonNullElse(
                deployment.getSpec().getTemplate().getMetadata().getLabels(), Map.of()));
    labels.put(TemplateHash.LABEL, hash);
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withName(deployment.getMetadata().getName() + "-" + hash)
        .withNamespace(deployment.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(deployment.getMetadata().getName())
                .withUid(deployment.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build())
        .endMetadata()
        .withNewSpec()
        .withReplicas(0)
        .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
        .withNewSelector()
        .withMatchLabels(deployment.getSpec().getSelector().getMatchLabels())
        .addToMatchLabels(TemplateHash.LABEL, hash)
        .endSelector()
        .withTemplate(deployment.getSpec().getTemplate())
        .editTemplate()
        .editMetadata()
        .addToLabels(TemplateHash.LABEL, hash)
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Map<String, Integer> changes(
      Deployment deployment, ReplicaSet current, List<ReplicaSet> old) {
    int desired = replicas(deployment);
    if (deployment.getSpec().getStrategy() != null
        && "Recreate".equals(deployment.getSpec().getStrategy().getType())) {
      return recreate(desired, current, old);
    }
    RollingUpdateDeployment rolling =
        deployment.getSpec().getStrategy() == null
            ? null
            : deployment.getSpec().getStrategy().getRollingUpdate();
    int quarterUp = (desired + 3) / 4;
    return new Rollout(
            desired,
            Rollout.count(rolling == null ? null : rolling.getMaxSurge(), quarterUp, desired, true),
            Rollout.count(
                rolling == null ? null : rolling.getMaxUnavailable(), desired / 4, desired, false))
        .next(set(current), old.stream().map(DeploymentController::set).toList());
  }

  private static Map<String, Integer> recreate(
      int desired, ReplicaSet current, List<ReplicaSet> old) {
    Map<String, Integer> changes = new HashMap<>();
    old.stream()
        .filter(set -> set.getSpec().getReplicas() != 0)
        .forEach(set -> changes.put(set.getMetadata().getName(), 0));
    boolean gone = old.stream().allMatch(set -> status(set, ReplicaSets.REPLICAS) == 0);
    if (gone && current.getSpec().getReplicas() != desired) {
      changes.put(current.getMetadata().getName(), desired);
    }
    return changes;
  }

  private static Rollout.Set set(ReplicaSet set) {
    return new Rollout.Set(
        set.getMetadata().getName(),
        Objects.requireNonNullElse(set.getSpec().getReplicas(), 1),
        status(set, ReplicaSets.AVAILABLE));
  }

  private static int replicas(Deployment deployment) {
    return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
  }

  private static int status(ReplicaSet set, ToIntFunction<ReplicaSet> count) {
    return set.getStatus() == null ? 0 : count.applyAsInt(set);
  }

  private void scale(String namespace, String name, int replicas) {
    Merge.spec(
        client.apps().replicaSets().inNamespace(namespace).withName(name),
        Map.of("replicas", replicas));
  }

  private void report(Deployment deployment, ReplicaSet current, List<ReplicaSet> old) {
    List<ReplicaSet> all = new ArrayList<>(old);
    all.add(current);
    int desired = replicas(deployment);
    int total = all.stream().mapToInt(set -> status(set, ReplicaSets.REPLICAS)).sum();
    int ready = all.stream().mapToInt(set -> status(set, ReplicaSets.READY)).sum();
    int available = all.stream().mapToInt(set -> status(set, ReplicaSets.AVAILABLE)).sum();
    int updated = status(current, ReplicaSets.REPLICAS);
    boolean complete = updated == desired && total == desired && available == desired;
    DeploymentStatus before = deployment.getStatus();
    DeploymentStatus next =
        new DeploymentStatusBuilder()
            .withObservedGeneration(deployment.getMetadata().getGeneration())
            .withReplicas(total)
            .withUpdatedReplicas(updated)
            .withReadyReplicas(ready)
            .withAvailableReplicas(available)
            .withUnavailableReplicas(Math.max(0, desired - available))
            .withConditions(
                condition(
                    before,
                    "Available",
                    available >= desired - desired / 4,
                    "MinimumReplicasAvailable",
                    "MinimumReplicasUnavailable"),
                condition(
                    before,
                    "Progressing",
                    true,
                    complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                    ""))
            .build();
    if (!next.equals(before)) {
      Merge.status(
          client
              .apps()
              .deployments()
              .inNamespace(deployment.getMetadata().getNamespace())
              .withName(deployment.getMetadata().getName()),
          next);
    }
  }

  private DeploymentCondition condition(
      @Nullable DeploymentStatus before,
      String type,
      boolean holds,
      String reasonIf,
      String reasonIfNot) {
    String status = holds ? "True" : "False";
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String since = now;
    String updated = now;
    String reason = holds ? reasonIf : reasonIfNot;
    if (before != null) {
      for (DeploymentCondition earlier : before.getConditions()) {
        if (earlier.getType().equals(type) && earlier.getStatus().equals(status)) {
          since = earlier.getLastTransitionTime();
          updated = reason.equals(earlier.getReason()) ? earlier.getLastUpdateTime() : now;
        }
      }
    }
    return new DeploymentConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(reason)
        .withLastTransitionTime(since)
        .withLastUpdateTime(updated)
        .build();
  }
}
