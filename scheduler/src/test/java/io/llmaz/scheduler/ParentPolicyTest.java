package io.llmaz.scheduler;

import static io.llmaz.scheduler.TestingPeers.blocking;
import static io.llmaz.scheduler.TestingPeers.complete;
import static io.llmaz.scheduler.TestingPeers.decide;
import static io.llmaz.scheduler.TestingPeers.inZone;
import static io.llmaz.scheduler.TestingPeers.waiting;
import static io.llmaz.scheduler.TestingPeers.waitingSeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.scheduler.Decision.AskSeed;
import io.llmaz.scheduler.Decision.Feed;
import io.llmaz.scheduler.Decision.ReadSource;
import io.llmaz.scheduler.TaskView.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
  void decide_everyParentWasGivenUpJustNow_waits() {
    PeerView peer = waiting("a");
    PeerView resting =
        new PeerView(
            "a", peer.host(), "", false, peer.state(), peer.parent(), Set.of("h1"), false, true, 0);

    assertThat(decide(Seeds.IDLE, complete("h1"), resting)).isEmpty();
    assertThat(decide(Seeds.NONE, complete("h1"), complete("h2"), resting))
        .containsExactly(new Feed("a", "h2"));
  }

  @Test
  void decide_headOfAChainLostItsParent_itReadsTheSourceAndKeepsItsChildren() {
    assertThat(decide(Seeds.NONE, waiting("a"), waiting("b").fedBy("a")))
        .containsExactly(new ReadSource("a"));
  }

  @Test
  void decide_twoZones_eachIsEnteredOnce() {
    assertThat(
            decide(
                Seeds.NONE,
                inZone("east", complete("h")),
                inZone("west", waiting("w1")),
                inZone("east", waiting("e1")),
                inZone("west", waiting("w2")),
                inZone("east", waiting("e2"))))
        .containsExactly(
            new Feed("w1", "h"), new Feed("e1", "h"), new Feed("w2", "w1"), new Feed("e2", "e1"));
  }

  @Test
  void decide_fileOfOnePiece_onlyWholeCopiesFeedOneAtATime() {
    List<PeerView> peers =
        List.of(complete("h"), waiting("a"), waiting("b"), waiting("c"), waiting("d"));

    assertThat(ParentPolicy.decide(new TaskView(peers, 1, 8, Seeds.NONE)))
        .containsExactly(new Feed("a", "h"));
    assertThat(ParentPolicy.decide(new TaskView(peers, 1, 8, Seeds.IDLE)))
        .as("no seed is asked while a place will become free")
        .containsExactly(new Feed("a", "h"));
    List<PeerView> second = List.of(complete("h"), complete("a"), waiting("b"), waiting("c"));
    assertThat(ParentPolicy.decide(new TaskView(second, 1, 8, Seeds.NONE)))
        .containsExactly(new Feed("b", "h"), new Feed("c", "a"));
  }

  @Test
  void decide_manyPeersAndAShortFile_makesATree() {
    List<PeerView> peers = new ArrayList<>(List.of(complete("h")));
    for (int i = 0; i < 200; i++) {
      peers.add(waiting("p" + i));
    }

    List<Decision> decisions = ParentPolicy.decide(new TaskView(peers, 64, 2, Seeds.NONE));

    assertThat(decisions).hasSize(200);
    assertThat(decisions.subList(0, 4))
        .containsExactly(
            new Feed("p0", "h"), new Feed("p1", "h"), new Feed("p2", "p0"), new Feed("p3", "p1"));
  }

  @Test
  void decide_peerMayNotReadTheSource_isRefusedWhenNobodyHasIt() {
    PeerView peer = waiting("a");
    PeerView barred =
        new PeerView(
            peer.id(),
            peer.host(),
            "",
            false,
            peer.state(),
            peer.parent(),
            peer.blocked(),
            true,
            false,
            0);

    assertThat(decide(Seeds.NONE, barred)).containsExactly(new Decision.Refuse("a"));
  }
}
