package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Parents that are slow, silent or lie, and what becomes of their children. */
final class SwarmTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void register_parentGetsItsFirstPiece_theChildIsTold() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").register("b");
    assertThat(swarm.heard("b")).isEmpty();

    swarm.piece("a", "h");

    assertThat(swarm.heard("b")).containsExactly("feed from a");
  }

  @Test
  void register_manyBeforeADecision_areDecidedAboutTogether() {
    Queue<Runnable> due = new ArrayDeque<>();
    TestingSwarm swarm =
        new TestingSwarm(due::add).holds("h1").register("a").register("b").holds("h2");
    assertThat(due).hasSize(1);

    due.remove().run();

    assertThat(swarm.heard("a")).containsExactly("feed from h1");
    assertThat(swarm.heard("b")).containsExactly("feed from h2");
    swarm.register("c");
    assertThat(due).as("a later change is decided about anew").hasSize(1);
  }

  @Test
  void finished_linkOfTheHolderIsFree_whoWaitsIsTold() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").register("b");

    swarm.finishes("a");

    assertThat(swarm.heard("b")).containsExactly("feed from h");
  }

  @Test
  void reschedule_silentParent_anotherIsThereAtOnce() {
    TestingSwarm swarm =
        new TestingSwarm().holds("h").register("silent").piece("silent", "h").register("a");
    assertThat(swarm.heard("a")).containsExactly("feed from silent");
    swarm.piece("a", "silent").holds("h2");

    swarm.givesUp("a", "silent");

    assertThat(swarm.heard("a")).containsExactly("feed from silent", "feed from h2");
  }

  @Test
  void reschedule_holderThatNeverGaveAnything_isShunnedByEverybody() {
    TestingSwarm swarm = new TestingSwarm().holds("liar").register("a").register("b");

    swarm.givesUp("a", "liar");

    assertThat(swarm.heard("a")).containsExactly("feed from liar", "read the source");
    assertThat(swarm.heard("b")).isEmpty();
    assertThat(swarm.piece("a", "").heard("b")).containsExactly("feed from a");
  }

  @Test
  void reschedule_holderThatGaveBefore_isShunnedWhenASecondChildSaysSo() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").piece("a", "h").finishes("a");
    swarm.register("b").register("c");
    assertThat(swarm.heard("b")).containsExactly("feed from a");
    assertThat(swarm.heard("c")).containsExactly("feed from h");

    swarm.givesUp("c", "h");
    assertThat(swarm.register("d").heard("d")).containsExactly("feed from h");
    swarm.givesUp("d", "h").register("e");

    assertThat(swarm.heard("e")).as("h is shunned, the place of a is taken").isEmpty();
  }

  @Test
  void reschedule_shunnedHolder_hasAnotherChanceLater() {
    TestingSwarm swarm = new TestingSwarm().holds("liar").register("a").givesUp("a", "liar");
    swarm.register("b");

    swarm.passes(Duration.ofSeconds(31));

    assertThat(swarm.heard("b")).containsExactly("feed from liar");
  }

  @Test
  void reschedule_seedThatLies_theNextSeedIsAsked() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("s1").announceSeed("s2").register("a");
    String first = swarm.askedSeeds.getFirst();
    swarm.holds(first);
    assertThat(swarm.heard("a")).containsExactly("feed from " + first);

    swarm.givesUp("a", first);

    assertThat(swarm.heard("a")).doesNotContain("read the source");
  }

  @Test
  void reschedule_parentWithoutAnyPiece_isNotBlamed() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("a").register("b");
    swarm.passes(Duration.ofSeconds(61));
    assertThat(swarm.heard("b")).as("impatient").hasSize(1);

    swarm.givesUp("b", "a").piece("a", "h").register("c");

    assertThat(swarm.heard("c")).containsExactly("feed from a");
  }

  @Test
  void tick_childStandsStill_itsPlaceIsGivenToAnother() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("stuck").register("b");

    swarm.passes(Duration.ofSeconds(14));
    assertThat(swarm.heard("b")).isEmpty();
    swarm.passes(SECOND.multipliedBy(2));

    assertThat(swarm.heard("b")).containsExactly("feed from h");
  }

  @Test
  void pieceFinished_transfers_showWhatTheirHostsMove() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("slow");
    for (int i = 0; i < 4; i++) {
      swarm.piece("slow", "h", SECOND);
    }

    assertThat(swarm.rate("slow")).isEqualTo(4 << 20);
    assertThat(swarm.rate("h")).isEqualTo(4 << 20);
    swarm.holds("h2").register("quick");
    for (int i = 0; i < 4; i++) {
      swarm.piece("quick", "h2", Duration.ofMillis(100));
    }
    assertThat(swarm.rate("quick")).isEqualTo(40 << 20);
    assertThat(swarm.rate("h2")).isEqualTo(40 << 20);
  }

  @Test
  void register_hostIsKnownToBeSlow_nobodyIsBehindIt() {
    TestingSwarm swarm = new TestingSwarm().holds("h").register("slow").holds("h2");
    for (int i = 0; i < 4; i++) {
      swarm.piece("slow", "h", Duration.ofSeconds(2));
    }
    swarm.register("quick");
    for (int i = 0; i < 4; i++) {
      swarm.piece("quick", "h2", Duration.ofMillis(100));
    }

    swarm.finishes("slow").finishes("quick");
    swarm.register("a").register("b").register("c").register("d");

    assertThat(swarm.heard("a")).isNotEmpty();
    for (String peer : new String[] {"a", "b", "c", "d"}) {
      assertThat(swarm.heard(peer)).doesNotContain("feed from slow");
    }
  }

  @Test
  void askSeed_peersOfSeveralAddresses_prefersOneWhoseReaderMayAskTheSource() {
    TestingSwarm swarm =
        new TestingSwarm()
            .announceSeed("s1")
            .announceSeed("s2")
            .registerFor("http://g/f?from=peers", true, "prefetch")
            .registerFor("http://g/f", false, "loader");

    swarm.seedFails(swarm.askedSeeds.getFirst());

    assertThat(swarm.askedAddresses).containsExactly("http://g/f?from=peers", "http://g/f");
  }

  @Test
  void finished_peerThatWantedARange_isNoHolder() {
    TestingSwarm swarm = new TestingSwarm().holds("h").registerForARange("part", 63);
    swarm.piece("part", "h").register("a");
    assertThat(swarm.heard("a")).as("part has a part only, and h is busy").isEmpty();

    swarm.finishes("part");

    assertThat(swarm.heard("a")).containsExactly("feed from h");
    assertThat(swarm.register("b").heard("b")).isEmpty();
  }

  @Test
  void finished_peerThatWantedARangeOfEverything_isAHolder() {
    TestingSwarm swarm = new TestingSwarm().holds("h").registerForARange("all", 64);

    swarm.piece("all", "h").register("a");

    assertThat(swarm.heard("a")).containsExactly("feed from all");
  }
}
