package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Several downloads of one file on one host: Pods that start together, drivers of one seed. */
final class SameHostTest {

  @Test
  void register_twoBeforeADecision_bothAreAnswered() {
    Queue<Runnable> due = new ArrayDeque<>();
    TestingSwarm swarm = new TestingSwarm(due::add).register("a").registerBeside("a", "a2");

    due.remove().run();

    assertThat(swarm.heard("a")).containsExactly("read the source");
    assertThat(swarm.heard("a2")).containsExactly("read the source");
  }

  @Test
  void register_firstIsFed_theSecondHasTheSameParentAndTakesNoPlace() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").registerBeside("a", "a2");
    swarm.piece("a2", "h").register("b");

    assertThat(swarm.heard("a2")).containsExactly("feed from h");
    assertThat(swarm.heard("b")).as("what the second got is the host's").contains("feed from a");
  }

  @Test
  void register_bothWait_areToldTogether() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").register("b");
    swarm.registerBeside("b", "b2");
    assertThat(swarm.heard("b2")).isEmpty();

    swarm.piece("a", "h");

    assertThat(swarm.heard("b")).containsExactly("feed from a");
    assertThat(swarm.heard("b2")).containsExactly("feed from a");
  }

  @Test
  void reschedule_byTheSecond_waitsUntilTheFirstHasAnother() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").registerBeside("a", "a2");
    swarm.piece("a", "h").piece("a2", "h").givesUp("a2", "h").holds("h2");
    assertThat(swarm.heard("a2")).containsExactly("feed from h");

    swarm.givesUp("a", "h");

    assertThat(swarm.heard("a")).containsExactly("feed from h", "feed from h2");
    assertThat(swarm.heard("a2")).containsExactly("feed from h", "feed from h2");
  }

  @Test
  void reschedule_firstIsDone_theSecondTakesWhatTheHostHas() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").registerBeside("a", "a2");
    swarm.piece("a", "h").piece("a2", "h").givesUp("a2", "h");

    swarm.finishes("a");

    assertThat(swarm.heard("a2")).containsExactly("feed from h", "read the source");
  }

  @Test
  void reschedule_firstIsDoneAndTheSourceIsForbidden_theSecondHasAParent() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a");
    swarm.registerBesideWithoutSource("a", "a2").piece("a", "h").piece("a2", "h");
    swarm.holds("h2").givesUp("a2", "h");

    swarm.finishes("a");

    assertThat(swarm.heard("a2")).containsExactly("feed from h", "feed from h2");
  }

  @Test
  void register_firstIsDoneAndTheSecondIsNot_bothAreStillAnswered() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").registerBeside("a", "a2");
    swarm.piece("a", "h").piece("a2", "h").finishes("a").registerBeside("a", "a3");
    assertThat(swarm.heard("a3")).containsExactly("feed from h");

    swarm.holds("h2").givesUp("a2", "h").givesUp("a3", "h");

    assertThat(swarm.heard("a2")).containsExactly("feed from h", "feed from h2");
    assertThat(swarm.heard("a3")).containsExactly("feed from h", "feed from h2");
  }

  @Test
  void left_first_theSecondStandsForTheHost() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").registerBeside("a", "a2");
    swarm.piece("a", "h").register("b");

    swarm.leaves("a").givesUp("b", "a").register("c");

    assertThat(swarm.heard("b")).containsExactly("feed from a", "feed from a2");
  }

  @Test
  void finished_second_theHostIsAHolder() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").registerBeside("a", "a2");

    swarm.finishes("a2").register("b").register("c");

    assertThat(swarm.heard("b")).isNotEmpty();
    assertThat(swarm.heard("c")).isNotEmpty();
    assertThat(swarm.heard("b")).doesNotContainAnyElementsOf(swarm.heard("c"));
  }

  @Test
  void register_aHolderOnceMoreByTheSameId_feedsOthers() {
    TestingSwarm swarm = new TestingSwarm().holds("h").holds("h").register("a");

    assertThat(swarm.heard("a")).containsExactly("feed from h");
  }

  @Test
  void left_afterRegisteringTwiceByTheSameId_nothingIsKept() {
    TestingSwarm swarm = new TestingSwarm().register("a").register("a").leaves("a");

    assertThat(swarm.knowsTheFile()).isFalse();
  }
}
