package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.InferenceConditions;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** An inference Service's status from its workload, in llmaz's words: pure functions. */
final class InferenceServiceReport {
  private final InferenceService service;
  private final InferenceServiceStatus status;
  private final Instant now;

  InferenceServiceReport(InferenceService service, Instant now) {
    this.service = service;
    this.status =
        Optional.ofNullable(service.getStatus()).orElse(new InferenceServiceStatus(null, 0, null));
    this.now = now;
  }

  /**
   * Ready is: every wanted replica is there, of this revision, and ready. The Deployment's own
   * Available condition says less: with one replica that may be missing it is True with none.
   */
  InferenceServiceStatus of(Deployment deployment) {
    DeploymentStatus seen =
        Optional.ofNullable(deployment.getStatus()).orElseGet(DeploymentStatus::new);
    int wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    boolean ready =
        Objects.requireNonNullElse(seen.getObservedGeneration(), 0L)
                >= deployment.getMetadata().getGeneration()
            && number(seen.getUpdatedReplicas()) == wanted
            && number(seen.getReadyReplicas()) == wanted
            && number(seen.getReplicas()) == wanted;
    Map<String, String> labels = deployment.getSpec().getSelector().getMatchLabels();
    String selector =
        labels.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .sorted()
            .collect(Collectors.joining(","));
    return new InferenceServiceStatus(conditions(ready), number(seen.getReplicas()), selector);
  }

  InferenceServiceStatus of(GenericKubernetesResource leaderWorkerSet) {
    List<Map<String, Object>> conditions =
        Optional.ofNullable(leaderWorkerSet.<List<Map<String, Object>>>get("status", "conditions"))
            .orElse(List.of());
    boolean ready =
        conditions.stream()
            .anyMatch(c -> "Available".equals(c.get("type")) && "True".equals(c.get("status")));
    Number replicas = leaderWorkerSet.get("status", "replicas");
    return new InferenceServiceStatus(
        conditions(ready),
        replicas == null ? 0 : replicas.intValue(),
        leaderWorkerSet.get("status", "hpaPodSelector"));
  }

  /** What the user wrote cannot be carried out. */
  InferenceServiceStatus aborted(String message) {
    return new InferenceServiceStatus(
        with(
            status.conditions(),
            InferenceConditions.PROGRESSING,
            false,
            InferenceConditions.ABORT_PROCESSING,
            message),
        status.replicas(),
        status.selector());
  }

  private List<Condition> conditions(boolean ready) {
    List<Condition> before = status.conditions();
    if (ready) {
      return with(
          before,
          InferenceConditions.AVAILABLE,
          true,
          InferenceConditions.SERVICE_READY,
          "Inference Service is ready");
    }
    List<Condition> next =
        with(
            before,
            InferenceConditions.PROGRESSING,
            true,
            InferenceConditions.SERVICE_IN_PROGRESS,
            "Inference Service is progressing");
    return Conditions.find(before, InferenceConditions.AVAILABLE).isEmpty()
        ? next
        : with(
            next,
            InferenceConditions.AVAILABLE,
            false,
            InferenceConditions.SERVICE_NOT_READY,
            "Waiting for leaderWorkerSet ready");
  }

  private List<Condition> with(
      List<Condition> conditions, String type, boolean value, String reason, String message) {
    return Conditions.with(
        conditions, type, value, reason, message, service.getMetadata().getGeneration(), now);
  }

  private static int number(@org.jspecify.annotations.Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
