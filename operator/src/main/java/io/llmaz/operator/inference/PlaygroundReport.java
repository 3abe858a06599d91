package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.InferenceConditions;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceStatus;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.PlaygroundStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A Playground's status, in llmaz's words: pure functions. */
final class PlaygroundReport {
  private final List<Condition> before;
  private final PlaygroundStatus status;
  private final long generation;
  private final Instant now;

  PlaygroundReport(Playground playground, Instant now) {
    this.status =
        Optional.ofNullable(playground.getStatus()).orElse(new PlaygroundStatus(null, 0, null));
    this.before = status.conditions();
    this.generation = playground.getMetadata().getGeneration();
    this.now = now;
  }

  /** It cannot go on until something changes. */
  PlaygroundStatus aborted(String message) {
    return with(progressing(before, false, InferenceConditions.ABORT_PROCESSING, message));
  }

  /** The gate is shut. */
  PlaygroundStatus waiting(String reason, String message) {
    return with(progressing(before, true, reason, message));
  }

  /** What its Service says. */
  PlaygroundStatus following(InferenceService service) {
    InferenceServiceStatus seen =
        Optional.ofNullable(service.getStatus()).orElse(new InferenceServiceStatus(null, 0, null));
    return new PlaygroundStatus(conditions(seen), seen.replicas(), seen.selector());
  }

  private List<Condition> conditions(InferenceServiceStatus service) {
    if (Conditions.isTrue(service.conditions(), InferenceConditions.AVAILABLE)) {
      List<Condition> started =
          Conditions.find(before, InferenceConditions.PROGRESSING).isPresent()
              ? before
              : pending(before);
      return Conditions.with(
          started,
          InferenceConditions.AVAILABLE,
          true,
          InferenceConditions.PLAYGROUND_READY,
          "Playground is ready",
          generation,
          now);
    }
    if (Conditions.find(before, InferenceConditions.AVAILABLE).isPresent()) {
      return Conditions.with(
          progressing(
              before,
              true,
              InferenceConditions.PLAYGROUND_IN_PROGRESS,
              "Waiting for inference Service progressing"),
          InferenceConditions.AVAILABLE,
          false,
          InferenceConditions.PLAYGROUND_NOT_READY,
          "Waiting for inference Service ready",
          generation,
          now);
    }
    return pending(before);
  }

  private List<Condition> pending(List<Condition> conditions) {
    return progressing(
        conditions, true, InferenceConditions.PENDING, "Waiting for inference Service ready");
  }

  private List<Condition> progressing(
      List<Condition> conditions, boolean value, String reason, String message) {
    return Conditions.with(
        conditions, InferenceConditions.PROGRESSING, value, reason, message, generation, now);
  }

  private PlaygroundStatus with(List<Condition> conditions) {
    return new PlaygroundStatus(conditions, status.replicas(), status.selector());
  }
}
