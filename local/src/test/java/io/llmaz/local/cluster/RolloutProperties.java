package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RolloutProperties {

  /** All new pods become available after each step, as in a healthy cluster. */
  @Property
  void next_healthyPods_reachesTheCurrentTemplateWithinItsBounds(
      @ForAll @IntRange(max = 20) int desired,
      @ForAll @IntRange(max = 5) int surge,
      @ForAll @IntRange(max = 5) int unavailable,
      @ForAll @IntRange(max = 20) int oldReplicas) {
    Rollout rollout = new Rollout(desired, surge, unavailable);
    int current = 0;
    int old = oldReplicas;
    for (int step = 0; step < 100; step++) {
      Map<String, Integer> changes =
          rollout.next(
              new Rollout.Set("new", current, current), List.of(new Rollout.Set("old", old, old)));
      if (changes.isEmpty()) {
        break;
      }
      int availableAfter =
          Math.min(current, changes.getOrDefault("new", current))
              + changes.getOrDefault("old", old);
      int missingBefore = Math.max(0, desired - current - old);
      assertThat(availableAfter)
          .isGreaterThanOrEqualTo(desired - Math.max(rollout.maxUnavailable(), missingBefore));
      current = changes.getOrDefault("new", current);
      old = changes.getOrDefault("old", old);
      assertThat(current + old)
          .isLessThanOrEqualTo(Math.max(desired + surge, current + oldReplicas));
    }
    assertThat(current).isEqualTo(desired);
    assertThat(old).isZero();
  }

  @Example
  void next_newPodsNeverReady_keepsTheOldOnes() {
    Rollout rollout = new Rollout(4, 1, 0);

    assertThat(rollout.next(new Rollout.Set("new", 1, 0), List.of(new Rollout.Set("old", 4, 4))))
        .isEmpty();
  }

  @Example
  void next_brokenOldPods_goFirst() {
    assertThat(
            new Rollout(4, 0, 1)
                .next(
                    new Rollout.Set("new", 0, 0),
                    List.of(new Rollout.Set("a", 3, 3), new Rollout.Set("b", 1, 0))))
        .isEqualTo(Map.of("b", 0));
  }

  @Example
  void count_percentages_roundSurgesUpAndAbsencesDown() {
    assertThat(Rollout.count(new IntOrString("25%"), 0, 5, true)).isEqualTo(2);
    assertThat(Rollout.count(new IntOrString("25%"), 0, 5, false)).isEqualTo(1);
    assertThat(Rollout.count(new IntOrString(3), 0, 5, false)).isEqualTo(3);
    assertThat(Rollout.count(null, 7, 5, true)).isEqualTo(7);
  }
}
