package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.llmaz.api.Conditions;
import io.llmaz.api.Labels;
import io.llmaz.api.inference.InferenceConditions;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
    return new InferenceServiceStatus(
        conditions(ready),
        number(seen.getReplicas()),
        WorkloadDesign.selector(service.getMetadata().getName()));
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

  /**
   * What the user wrote cannot be carried out.
   *
   * @param seen what the workload says that runs all the same; the last status when there is none
   */
  InferenceServiceStatus aborted(String message, Optional<InferenceServiceStatus> seen) {
    InferenceServiceStatus last = seen.orElse(status);
    return new InferenceServiceStatus(
        with(
            last.conditions(),
            InferenceConditions.PROGRESSING,
            false,
            InferenceConditions.ABORT_PROCESSING,
            message),
        last.replicas(),
        last.selector());
  }

  /** Says, or no longer says, that replicas have other models than are there now. */
  InferenceServiceStatus drifted(InferenceServiceStatus next, List<String> models) {
    List<Condition> conditions =
        models.isEmpty()
            ? Conditions.without(next.conditions(), InferenceConditions.MODEL_DRIFTED)
            : with(
                next.conditions(),
                InferenceConditions.MODEL_DRIFTED,
                true,
                InferenceConditions.MODEL_CHANGED,
                "OpenModel %s has another source now than these replicas were made with; another value of annotation %s rolls them"
                    .formatted(String.join(", ", models), Labels.RESTARTED_AT));
    return new InferenceServiceStatus(conditions, next.replicas(), next.selector());
  }

  private List<Condition> conditions(boolean ready) {
    List<Condition> before = status.conditions();
    if (ready) {
      Optional<Condition> stopped =
          Conditions.find(before, InferenceConditions.PROGRESSING)
              .filter(c -> c.getReason().equals(InferenceConditions.ABORT_PROCESSING));
      if (stopped.isPresent()) {
        before = progressing(before);
      }
      return with(
          before,
          InferenceConditions.AVAILABLE,
          true,
          InferenceConditions.SERVICE_READY,
          "Inference Service is ready");
    }
    List<Condition> next = progressing(before);
    return Conditions.find(before, InferenceConditions.AVAILABLE).isEmpty()
        ? next
        : with(
            next,
            InferenceConditions.AVAILABLE,
            false,
            InferenceConditions.SERVICE_NOT_READY,
            "Waiting for leaderWorkerSet ready");
  }

  private List<Condition> progressing(List<Condition> conditions) {
    return with(
        conditions,
        InferenceConditions.PROGRESSING,
        true,
        InferenceConditions.SERVICE_IN_PROGRESS,
        "Inference Service is progressing");
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
