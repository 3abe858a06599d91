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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Playground's status, in llmaz's words: pure functions. */
final class PlaygroundReport {
  private static final Set<String> FOLLOWING =
      Set.of(InferenceConditions.PENDING, InferenceConditions.PLAYGROUND_IN_PROGRESS);

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

  /** It cannot go on until something changes; what already runs is reported all the same. */
  PlaygroundStatus aborted(String message, Optional<InferenceService> running) {
    return held(false, InferenceConditions.ABORT_PROCESSING, message, running);
  }

  /** The gate is shut; what already runs is reported all the same. */
  PlaygroundStatus waiting(String reason, String message, Optional<InferenceService> running) {
    return held(true, reason, message, running);
  }

  /** What its Service says. */
  PlaygroundStatus following(InferenceService service) {
    InferenceServiceStatus seen = seen(service);
    return new PlaygroundStatus(
        drift(conditions(seen), seen), seen.replicas(), selector(service, seen));
  }

  private PlaygroundStatus held(
      boolean value, String reason, String message, Optional<InferenceService> running) {
    if (running.isEmpty()) {
      return new PlaygroundStatus(
          progressing(before, value, reason, message), status.replicas(), status.selector());
    }
    InferenceServiceStatus seen = seen(running.get());
    List<Condition> next = progressing(before, value, reason, message);
    if (Conditions.isTrue(seen.conditions(), InferenceConditions.AVAILABLE)) {
      next = available(next);
    } else if (Conditions.find(before, InferenceConditions.AVAILABLE).isPresent()) {
      next = unavailable(next);
    }
    return new PlaygroundStatus(drift(next, seen), seen.replicas(), selector(running.get(), seen));
  }

  private static InferenceServiceStatus seen(InferenceService service) {
    return Optional.ofNullable(service.getStatus())
        .orElse(new InferenceServiceStatus(null, 0, null));
  }

  /** A single host's pods have a selector before anything reports it: that saves a write. */
  private static @Nullable String selector(InferenceService service, InferenceServiceStatus seen) {
    return seen.selector() == null && !WorkloadDesign.grouped(service.getSpec())
        ? WorkloadDesign.selector(service.getMetadata().getName())
        : seen.selector();
  }

  private List<Condition> drift(List<Condition> conditions, InferenceServiceStatus seen) {
    return Conditions.find(seen.conditions(), InferenceConditions.MODEL_DRIFTED)
        .map(condition ->
            Conditions.with(
                conditions,
                InferenceConditions.MODEL_DRIFTED,
                true,
                condition.getReason(),
                condition.getMessage(),
                generation,
                now))
        .orElseGet(() -> Conditions.without(conditions, InferenceConditions.MODEL_DRIFTED));
  }

  private List<Condition> conditions(InferenceServiceStatus service) {
    if (Conditions.isTrue(service.conditions(), InferenceConditions.AVAILABLE)) {
      return available(started());
    }
    if (Conditions.find(before, InferenceConditions.AVAILABLE).isPresent()) {
      return unavailable(
          progressing(
              before,
              true,
              InferenceConditions.PLAYGROUND_IN_PROGRESS,
              "Waiting for inference Service progressing"));
    }
    return pending(before);
  }

  /** llmaz leaves Progressing as it was; but what no longer holds us must not stand there. */
  private List<Condition> started() {
    return Conditions.find(before, InferenceConditions.PROGRESSING)
        .filter(c -> FOLLOWING.contains(c.getReason()))
        .map(c -> progressing(before, true, c.getReason(), c.getMessage()))
        .orElseGet(() -> pending(before));
  }

  private List<Condition> available(List<Condition> conditions) {
    return Conditions.with(
        conditions,
        InferenceConditions.AVAILABLE,
        true,
        InferenceConditions.PLAYGROUND_READY,
        "Playground is ready",
        generation,
        now);
  }

  private List<Condition> unavailable(List<Condition> conditions) {
    return Conditions.with(
        conditions,
        InferenceConditions.AVAILABLE,
        false,
        InferenceConditions.PLAYGROUND_NOT_READY,
        "Waiting for inference Service ready",
        generation,
        now);
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
}
