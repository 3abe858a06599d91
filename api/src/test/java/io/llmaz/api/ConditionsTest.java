package io.llmaz.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConditionsTest {
  private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-01-01T01:00:00Z");

  @Test
  void with_sameStatusAgain_keepsTheTransitionTime() {
    List<Condition> first = Conditions.with(List.of(), "Ready", false, "A", "a", 1, BEFORE);

    List<Condition> second = Conditions.with(first, "Ready", false, "B", "b", 2, LATER);

    assertThat(second).hasSize(1);
    assertThat(second.getFirst().getLastTransitionTime()).isEqualTo(BEFORE.toString());
    assertThat(second.getFirst().getReason()).isEqualTo("B");
  }

  @Test
  void with_otherStatus_setsTheTransitionTime() {
    List<Condition> first = Conditions.with(List.of(), "Ready", false, "A", "a", 1, BEFORE);

    List<Condition> second = Conditions.with(first, "Ready", true, "A", "a", 1, LATER);

    assertThat(second.getFirst().getLastTransitionTime()).isEqualTo(LATER.toString());
    assertThat(Conditions.isTrue(second, "Ready")).isTrue();
  }

  @Test
  void isTrueNow_conditionOfAnOlderGeneration_isNot() {
    List<Condition> ready = Conditions.with(List.of(), "Ready", true, "A", "a", 1, BEFORE);

    assertThat(Conditions.isTrueNow(ready, "Ready", 1L)).isTrue();
    assertThat(Conditions.isTrueNow(ready, "Ready", 2L)).isFalse();
  }

  @Test
  void with_nothingNew_givesAnEqualList() {
    List<Condition> first = Conditions.with(List.of(), "Ready", true, "A", "a", 1, BEFORE);

    assertThat(Conditions.with(first, "Ready", true, "A", "a", 1, LATER)).isEqualTo(first);
  }
}
