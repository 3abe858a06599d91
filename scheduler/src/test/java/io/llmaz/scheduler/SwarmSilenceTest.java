package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Hosts that are late with their announcements, and hosts that are gone. */
final class SwarmSilenceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void tick_announcementIsLate_theHolderIsKept() {
    TestingSwarm swarm = new TestingSwarm().holds("h").announceEvery(SECOND.multipliedBy(2), "h");

    swarm.passes(SECOND.multipliedBy(14)).register("a");

    assertThat(swarm.heard("a")).containsExactly("feed from h");
  }

  @Test
  void tick_silentForTwoIntervals_theHolderIsForgotten() {
    TestingSwarm swarm = new TestingSwarm().holds("h").announceEvery(SECOND.multipliedBy(20), "h");

    swarm.passes(SECOND.multipliedBy(41)).register("a");

    assertThat(swarm.heard("a")).containsExactly("read the source");
  }

  @Test
  void tick_silentHostWhoseDownloadIsOpen_isAnsweredStill() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").register("b");
    swarm.announceEvery(SECOND, "b").passes(SECOND.multipliedBy(40));

    swarm.finishes("a");

    assertThat(swarm.heard("b")).containsExactly("feed from h");
  }

  @Test
  void tick_silentHostWhoseDownloadEnded_isForgotten() {
    TestingSwarm swarm = new TestingSwarm().register("a").announceEvery(SECOND, "a");

    swarm.finishes("a").passes(SECOND.multipliedBy(40)).register("b");

    assertThat(swarm.heard("b")).containsExactly("read the source");
  }
}
