package io.llmaz.scheduler;

import static io.llmaz.scheduler.TestingPeers.blocking;
import static io.llmaz.scheduler.TestingPeers.complete;
import static io.llmaz.scheduler.TestingPeers.decide;
import static io.llmaz.scheduler.TestingPeers.waiting;
import static io.llmaz.scheduler.TestingPeers.waitingSeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.scheduler.Decision.AskSeed;
import io.llmaz.scheduler.Decision.Feed;
import io.llmaz.scheduler.Decision.ReadSource;
import io.llmaz.scheduler.TaskView.Seeds;
import org.junit.jupiter.api.Test;

final class ParentPolicyTest {

  @Test
  void decide_firstPeerWithASeedAtHand_asksTheSeedOnce() {
    assertThat(decide(Seeds.IDLE, waiting("a"), waiting("b"))).containsExactly(new AskSeed());
  }

  @Test
  void decide_seedWasAsked_peersWaitForIt() {
    assertThat(decide(Seeds.ASKED, waiting("a"))).isEmpty();
  }

  @Test
  void decide_seedRegisters_itReadsTheSourceAndStartsAChain() {
    assertThat(decide(Seeds.ASKED, waiting("a"), waiting("b"), waitingSeed("s")))
        .containsExactly(new ReadSource("s"), new Feed("a", "s"), new Feed("b", "a"));
  }

  @Test
  void decide_noSeed_onePeerReadsTheSourceForAll() {
    assertThat(decide(Seeds.NONE, waiting("a"), waiting("b")))
        .containsExactly(new ReadSource("a"), new Feed("b", "a"));
  }

  @Test
  void decide_twoHolders_startAChainEach() {
    assertThat(
            decide(
                Seeds.NONE,
                complete("h1"),
                complete("h2"),
                waiting("a"),
                waiting("b"),
                waiting("c"),
                waiting("d")))
        .containsExactly(
            new Feed("a", "h1"), new Feed("b", "h2"), new Feed("c", "a"), new Feed("d", "b"));
  }

  @Test
  void decide_parentWasGivenUp_anotherIsTaken() {
    assertThat(decide(Seeds.NONE, complete("h1"), complete("h2"), blocking(waiting("a"), "h1")))
        .containsExactly(new Feed("a", "h2"));
  }

  @Test
  void decide_everyParentWasGivenUp_startsOver() {
    assertThat(decide(Seeds.NONE, complete("h1"), blocking(waiting("a"), "h1")))
        .containsExactly(new Feed("a", "h1"));
  }

  @Test
  void decide_headOfAChainLostItsParent_itReadsTheSourceAndKeepsItsChildren() {
    assertThat(decide(Seeds.NONE, waiting("a"), waiting("b").fedBy("a")))
        .containsExactly(new ReadSource("a"));
  }

  @Test
  void decide_peerMayNotReadTheSource_isRefusedWhenNobodyHasIt() {
    PeerView peer = waiting("a");
    PeerView barred =
        new PeerView(
            peer.id(), peer.host(), false, peer.state(), peer.parent(), peer.blocked(), false, 0);

    assertThat(decide(Seeds.NONE, barred)).containsExactly(new Decision.Refuse("a"));
  }
}
