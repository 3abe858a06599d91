package io.llmaz.api;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object's conditions, as a value: setting one gives a new list. The transition time changes
 * only when the status does; a condition keeps its place in the list.
 */
public final class Conditions {
  private Conditions() {}

  /** The condition of a type. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  /** Whether the condition of a type is there and True. */
  public static boolean isTrue(List<Condition> conditions, String type) {
    return isTrueNow(conditions, type, null);
  }

  /**
   * Whether the condition of a type is True of what is wanted now: a condition that says it was
   * computed from an older generation does not count; one that says nothing does.
   */
  public static boolean isTrueNow(
      List<Condition> conditions, String type, @Nullable Long generation) {
    return find(conditions, type)
        .filter(c -> "True".equals(c.getStatus()))
        .filter(c ->
            generation == null
                || c.getObservedGeneration() == null
                || c.getObservedGeneration() >= generation)
        .isPresent();
  }

  /**
   * The list with one condition set.
   *
   * @param now becomes the transition time if the status is another than before, in whole seconds
   */
  public static List<Condition> with(
      List<Condition> conditions,
      String type,
      boolean status,
      String reason,
      String message,
      long observedGeneration,
      Instant now) {
    String statusText = status ? "True" : "False";
    Optional<Condition> before = find(conditions, type);
    Condition next =
        new ConditionBuilder()
            .withType(type)
            .withStatus(statusText)
            .withReason(reason)
            .withMessage(message)
            .withObservedGeneration(observedGeneration)
            .withLastTransitionTime(
                before
                    .filter(c -> statusText.equals(c.getStatus()))
                    .map(Condition::getLastTransitionTime)
                    .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString()))
            .build();
    List<Condition> result = new ArrayList<>(conditions);
    for (int i = 0; i < result.size(); i++) {
      if (Objects.equals(result.get(i).getType(), type)) {
        result.set(i, next);
        return List.copyOf(result);
      }
    }
    result.add(next);
    return List.copyOf(result);
  }

  /** The list without a type. */
  public static List<Condition> without(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> !type.equals(c.getType())).toList();
  }
}
