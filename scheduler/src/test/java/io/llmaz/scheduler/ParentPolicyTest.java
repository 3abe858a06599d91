package io.llmaz.scheduler;

import static io.llmaz.scheduler.TestingPeers.barred;
import static io.llmaz.scheduler.TestingPeers.begun;
import static io.llmaz.scheduler.TestingPeers.blocking;
import static io.llmaz.scheduler.TestingPeers.complete;
import static io.llmaz.scheduler.TestingPeers.decide;
import static io.llmaz.scheduler.TestingPeers.doing;
import static io.llmaz.scheduler.TestingPeers.inZone;
import static io.llmaz.scheduler.TestingPeers.moving;
import static io.llmaz.scheduler.TestingPeers.resting;
import static io.llmaz.scheduler.TestingPeers.waiting;
import static io.llmaz.scheduler.TestingPeers.waitingSeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.scheduler.Decision.AskSeed;
import io.llmaz.scheduler.Decision.Feed;
import io.llmaz.scheduler.Decision.ReadSource;
import io.llmaz.scheduler.TaskView.Seeds;
import java.util.ArrayList;
import java.util.List;
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
  void decide_seedRegisters_itReadsTheSourceAndTheOthersWaitForItsFirstPiece() {
    assertThat(decide(Seeds.ASKED, waiting("a"), waiting("b"), waitingSeed("s")))
        .containsExactly(new ReadSource("s"));
    assertThat(decide(Seeds.ASKED, waiting("a"), waiting("b"), begun("s").readingSource()))
        .containsExactly(new Feed("a", "s"));
  }

  @Test
  void decide_noSeed_onePeerReadsTheSourceForAll() {
    assertThat(decide(Seeds.NONE, waiting("a"), waiting("b"))).containsExactly(new ReadSource("a"));
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
                waiting("c")))
        .containsExactly(new Feed("a", "h1"), new Feed("b", "h2"));
  }

  @Test
  void decide_peerGotItsFirstPiece_itFeedsTheNext() {
    assertThat(decide(Seeds.NONE, complete("h"), begun("a").fedBy("h"), waiting("b"), waiting("c")))
        .containsExactly(new Feed("b", "a"));
  }

  @Test
  void decide_chainSoLongThatALinkIsFreeSooner_waits() {
    List<PeerView> peers = new ArrayList<>(List.of(complete("h")));
    String parent = "h";
    for (int i = 0; i < 40; i++) {
      peers.add(begun("p" + i).fedBy(parent));
      parent = "p" + i;
    }
    peers.add(waiting("last"));

    assertThat(ParentPolicy.decide(new TaskView(peers, 64, 2, Seeds.NONE))).isEmpty();
    assertThat(ParentPolicy.decide(new TaskView(peers, 1000, 2, Seeds.NONE)))
        .containsExactly(new Feed("last", "p39"));
  }

  @Test
  void decide_peerHasWaitedForLong_anyParentIsBetterThanNone() {
    PeerView impatient = doing(new Conduct(0, false, false, true), waiting("b"));

    assertThat(decide(Seeds.NONE, complete("h"), waiting("a").fedBy("h"), impatient))
        .as("the end of a chain, though it has nothing yet")
        .containsExactly(new Feed("b", "a"));
  }

  @Test
  void decide_slowPeer_isALeafBesideTheChain() {
    PeerView slow = moving(5, waiting("slow"));

    assertThat(
            decide(
                Seeds.NONE,
                moving(100, complete("h")),
                slow,
                moving(100, waiting("a")),
                moving(90, waiting("b"))))
        .as("the quick come first, and the slow one takes no place")
        .containsExactly(new Feed("a", "h"), new Feed("slow", "h"));
    assertThat(
            decide(
                Seeds.NONE,
                moving(100, complete("h")),
                moving(5, begun("slow")).fedBy("h"),
                moving(100, waiting("a")),
                moving(90, waiting("b"))))
        .as("its parent has a place still, and it feeds nobody")
        .containsExactly(new Feed("a", "h"));
  }

  @Test
  void decide_onlyASlowHolder_feeds() {
    assertThat(
            decide(
                Seeds.NONE,
                moving(5, complete("slow")),
                moving(100, waiting("a")),
                moving(100, waiting("b"))))
        .containsExactly(new Feed("a", "slow"));
  }

  @Test
  void decide_holderIsShunned_asIfItWereNotThere() {
    PeerView liar = doing(new Conduct(0, true, false, false), complete("liar"));

    assertThat(decide(Seeds.NONE, liar, waiting("a"))).containsExactly(new ReadSource("a"));
    assertThat(decide(Seeds.NONE, liar, complete("h"), waiting("a")))
        .containsExactly(new Feed("a", "h"));
  }

  @Test
  void decide_childStandsStill_itsPlaceIsFree() {
    PeerView stalled = doing(new Conduct(0, false, true, false), waiting("a")).fedBy("h");

    assertThat(decide(Seeds.NONE, complete("h"), stalled, waiting("b")))
        .containsExactly(new Feed("b", "h"));
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
    PeerView resting = resting(blocking(waiting("a"), "h1"));

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
  void decide_onePeerFindsNoPlace_whoDiffersFromItStillLooks() {
    PeerView farHolder = inZone("east", complete("h"));
    PeerView busy = inZone("west", begun("w")).fedBy("h2");
    PeerView child = inZone("west", waiting("x")).fedBy("w");
    PeerView gone = inZone("west", complete("h2"));

    assertThat(
            decide(
                Seeds.NONE,
                farHolder,
                gone,
                busy,
                child,
                inZone("west", waiting("a")),
                inZone("west", waiting("b")),
                blocking(inZone("west", waiting("c")), "h2", "w", "x"),
                inZone("east", waiting("d"))))
        .as("a and b wait for their zone; c gave up everybody there; d's zone has no place left")
        .containsExactly(new Feed("c", "h"));
  }

  @Test
  void decide_twoZones_eachIsEnteredOnce() {
    PeerView holder = inZone("east", complete("h"));
    assertThat(
            decide(
                Seeds.NONE,
                holder,
                inZone("west", complete("w")),
                inZone("west", waiting("w1")),
                inZone("east", waiting("e1"))))
        .containsExactly(new Feed("w1", "w"), new Feed("e1", "h"));
    assertThat(
            decide(
                Seeds.NONE,
                holder,
                inZone("west", waiting("w1")).fedBy("h"),
                inZone("west", waiting("w2")),
                inZone("east", begun("e1")).fedBy("w1")))
        .as("somebody in the west will have it; e1 has it, but is in the east")
        .isEmpty();
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
    for (int i = 0; i < 500; i++) {
      peers.add(waiting("p" + i));
    }

    assertThat(ParentPolicy.decide(new TaskView(peers, 64, 2, Seeds.NONE)))
        .containsExactly(new Feed("p0", "h"), new Feed("p1", "h"));
  }

  @Test
  void decide_peerMayNotReadTheSource_isRefusedWhenNobodyHasIt() {
    assertThat(decide(Seeds.NONE, barred(waiting("a")))).containsExactly(new Decision.Refuse("a"));
  }
}
