package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds after any history of peers that come, finish, give parents up and leave. */
final class ParentPolicyProperties {

  @Property(tries = 300)
  void decide_afterAnyHistory_hasNoCycleAndOneReader(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int steps,
      @ForAll @IntRange(max = 100) int pieces) {
    Random random = new Random(seed);
    List<PeerView> peers = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      change(peers, step, random);
      for (Decision decision :
          ParentPolicy.decide(new TaskView(peers, pieces, 8, TaskView.Seeds.NONE))) {
        apply(peers, decision);
      }
      assertThat(peers.stream().filter(p -> p.state() == PeerState.SOURCE).count())
          .isLessThanOrEqualTo(1);
      peers.forEach(peer -> assertNoCycle(peer, peers));
    }
  }

  @Property(tries = 100)
  void decide_manyPeersBehindOneHolder_everyoneIsFedAndFeedsOnce(
      @ForAll @IntRange(min = 1, max = 60) int count) {
    List<PeerView> peers = new ArrayList<>(List.of(TestingPeers.complete("holder")));
    for (int i = 0; i < count; i++) {
      peers.add(TestingPeers.waiting("p" + i));
    }
    Set<String> parents = new HashSet<>();
    for (int i = 0; i < count; i++) {
      for (Decision decision :
          ParentPolicy.decide(new TaskView(peers, 0, 8, TaskView.Seeds.NONE))) {
        assertThat(parents.add(((Decision.Feed) decision).parent())).isTrue();
        apply(peers, decision);
      }
      peers.replaceAll(peer -> peer.state() == PeerState.FED ? withPieces(peer, 1) : peer);
    }
    assertThat(parents).hasSize(count);
  }

  private static PeerView withPieces(PeerView peer, int pieces) {
    return TestingPeers.with(peer, draft -> draft.pieces = pieces);
  }

  /** As one that begins anew. */
  private static void reset(TestingPeers.Draft draft, PeerState state) {
    draft.seed = false;
    draft.state = state;
    draft.parent = Optional.empty();
    draft.mayStartOver = true;
    draft.source = SourceUse.SEED_FIRST;
  }

  private static void change(List<PeerView> peers, int step, Random random) {
    int what = random.nextInt(4);
    if (what == 0 || peers.isEmpty()) {
      String zone = random.nextBoolean() ? "" : "zone-" + random.nextInt(3);
      PeerView peer =
          random.nextBoolean() ? TestingPeers.waiting("p" + step) : TestingPeers.begun("p" + step);
      peers.add(TestingPeers.inZone(zone, peer));
      return;
    }
    int index = random.nextInt(peers.size());
    PeerView peer = peers.get(index);
    switch (what) {
      case 1 ->
          peers.set(
              index,
              TestingPeers.with(
                  peer,
                  draft -> {
                    reset(draft, PeerState.COMPLETE);
                    draft.blocked = Set.of();
                    draft.pieces = 1;
                    draft.conduct = Conduct.UNKNOWN;
                  }));
      case 2 ->
          peers.set(
              index,
              TestingPeers.with(
                  peer,
                  draft -> {
                    reset(draft, PeerState.WAITING);
                    draft.blocked = peer.parent().map(Set::of).orElse(Set.of());
                    draft.pieces = random.nextInt(3);
                    draft.conduct =
                        new Conduct(
                            random.nextInt(3) * 100L,
                            random.nextInt(5) == 0,
                            false,
                            random.nextInt(4) == 0);
                  }));
      default -> peers.remove(index);
    }
  }

  private static void apply(List<PeerView> peers, Decision decision) {
    switch (decision) {
      case Decision.Feed(String child, String parent) ->
          peers.replaceAll(peer -> peer.id().equals(child) ? peer.fedBy(parent) : peer);
      case Decision.ReadSource(String reader) ->
          peers.replaceAll(peer -> peer.id().equals(reader) ? peer.readingSource() : peer);
      case Decision.AskSeed() -> throw new AssertionError("there is no seed");
      case Decision.Refuse(String refused) ->
          throw new AssertionError(refused + " may read the source");
    }
  }

  private static void assertNoCycle(PeerView start, List<PeerView> peers) {
    Set<String> seen = new HashSet<>();
    Optional<String> at = Optional.of(start.id());
    while (at.isPresent()) {
      String id = at.get();
      assertThat(seen.add(id)).as("cycle through %s", id).isTrue();
      at = peers.stream().filter(p -> p.id().equals(id)).findAny().flatMap(PeerView::parent);
    }
  }
}
