package io.llmaz.operator.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class NodePlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final NodeTarget A = node("a", "boot-1", true);
  private static final NodeTarget B = node("b", "boot-1", true);

  private final NodePlan plan = new NodePlan(new Random(1));

  @Test
  void take_newNodes_givesEachOnce() {
    plan.chosen(List.of(A, B), NOW);

    assertThat(plan.take(NOW)).containsExactly(A, B);
    assertThat(plan.take(NOW.plusSeconds(3600))).isEmpty();
    assertThat(plan.counts()).isEqualTo(new NodeCounts(2, 0, 0, false));
  }

  @Test
  void take_nodeThatJoins_isGivenAtOnce() {
    complete(A);
    plan.chosen(List.of(A, B), NOW);

    assertThat(plan.take(NOW)).containsExactly(B);
  }

  @Test
  void chosen_nodeThatLeft_isNotCountedAndItsWorkIsStopped() {
    plan.chosen(List.of(A, B), NOW);
    plan.take(NOW);

    assertThat(plan.chosen(List.of(A), NOW)).containsExactly(B.incarnation());
    assertThat(plan.counts().chosen()).isEqualTo(1);
  }

  @Test
  void chosen_nodeThatBooted_isLookedAtAgainAndNotCounted() {
    complete(A);
    NodeTarget again = node("a", "boot-2", true);

    plan.chosen(List.of(again), NOW);

    assertThat(plan.counts().complete()).isZero();
    assertThat(plan.take(NOW)).containsExactly(again);
  }

  @Test
  void complete_ofAnEarlierBoot_saysNothingOfThisOne() {
    plan.chosen(List.of(A), NOW);
    plan.take(NOW);
    plan.chosen(List.of(node("a", "boot-2", true)), NOW);

    plan.complete(A, NOW);

    assertThat(plan.counts().complete()).isZero();
  }

  @Test
  void chosen_nodeThatIsNotReady_isCountedAsChosenAndLeftAlone() {
    complete(A);
    NodeTarget down = node("a", "boot-1", false);

    plan.chosen(List.of(down), NOW);

    assertThat(plan.counts()).isEqualTo(new NodeCounts(1, 0, 0, true));
    assertThat(plan.take(NOW.plusSeconds(3600))).isEmpty();
    plan.chosen(List.of(A), NOW.plusSeconds(1));
    assertThat(plan.take(NOW.plusSeconds(1))).as("ready again").containsExactly(A);
  }

  @Test
  void take_completeNode_isLookedAtNowAndThen() {
    complete(A);

    assertThat(plan.take(NOW.plus(NodePlan.BELIEF.dividedBy(2)).minusMillis(1))).isEmpty();
    assertThat(plan.take(NOW.plus(NodePlan.BELIEF))).containsExactly(A);
  }

  @Test
  void lacks_nodeThatLostItsDisk_isNotCountedWhileItIsFilledAgain() {
    complete(A);
    plan.take(NOW.plus(NodePlan.BELIEF));

    plan.lacks(A);

    assertThat(plan.counts()).isEqualTo(new NodeCounts(1, 0, 0, true));
  }

  @Test
  void failed_onceOfACompleteNode_isAMomentsTrouble() {
    complete(A);

    assertThat(plan.failed(A, NOW)).isFalse();
    assertThat(plan.counts().complete()).isEqualTo(1);
  }

  @Test
  void failed_severalTimes_isToldOnceAndCounted() {
    complete(A);

    assertThat(List.of(fail(), fail(), fail(), fail())).containsExactly(false, false, true, false);
    assertThat(plan.counts()).isEqualTo(new NodeCounts(1, 0, 1, true));
  }

  @Test
  void complete_afterTrouble_forgetsIt() {
    complete(A);
    fail();
    fail();
    fail();

    plan.complete(A, NOW);

    assertThat(plan.counts()).isEqualTo(new NodeCounts(1, 1, 0, true));
  }

  @Property
  void failed_anyNumberOfTimes_waitsLongerButNeverTooLong(
      @ForAll @IntRange(min = 1, max = 100) int failures, @ForAll long seed) {
    NodePlan some = new NodePlan(new Random(seed));
    some.chosen(List.of(A), NOW);
    for (int i = 0; i < failures; i++) {
      var _ = some.failed(A, NOW);
    }
    Duration least =
        Duration.ofMillis(
                Math.min(NodePlan.LONGEST_PAUSE.toMillis(), 1000L << Math.min(failures, 20)))
            .dividedBy(2);

    assertThat(some.take(NOW.plus(least).minusMillis(1))).isEmpty();
    assertThat(some.take(NOW.plus(NodePlan.LONGEST_PAUSE))).containsExactly(A);
  }

  private void complete(NodeTarget node) {
    plan.chosen(List.of(node), NOW);
    plan.take(NOW);
    plan.complete(node, NOW);
  }

  private boolean fail() {
    return plan.failed(A, NOW);
  }

  private static NodeTarget node(String name, String boot, boolean ready) {
    return new NodeTarget(name, name + "/" + boot, "10.0.0.1", ready);
  }
}
