package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.InferenceConditions;
import io.llmaz.operator.event.EventRecorder;
import java.util.List;
import java.util.Optional;

/** Tells what conditions became; how far a wait has come is no news. */
final class Transitions {
  private Transitions() {}

  static void tell(
      EventRecorder events, HasMetadata object, List<Condition> before, List<Condition> next) {
    for (Condition condition : next) {
      Optional<Condition> old = Conditions.find(before, condition.getType());
      boolean aborted = condition.getReason().equals(InferenceConditions.ABORT_PROCESSING);
      boolean same =
          old.filter(c -> c.getStatus().equals(condition.getStatus()))
              .filter(c -> c.getReason().equals(condition.getReason()))
              .filter(c -> !aborted || c.getMessage().equals(condition.getMessage()))
              .isPresent();
      if (!same && !expected(condition, old.isEmpty())) {
        events.transition(
            object, !aborted && !lost(condition), condition.getReason(), condition.getMessage());
      }
    }
  }

  /** An object that was just made is on its way, as everybody expects. */
  private static boolean expected(Condition condition, boolean first) {
    return first
        && (condition.getReason().equals(InferenceConditions.PENDING)
            || condition.getReason().equals(InferenceConditions.SERVICE_IN_PROGRESS));
  }

  private static boolean lost(Condition condition) {
    return condition.getType().equals(InferenceConditions.AVAILABLE)
        && !condition.getStatus().equals("True");
  }
}
