package io.llmaz.scheduler;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Views of peers for policy tests. */
final class TestingPeers {
  private TestingPeers() {}

  static PeerView waiting(String id) {
    return peer(id, false, PeerState.WAITING, 0);
  }

  static PeerView waitingSeed(String id) {
    return peer(id, true, PeerState.WAITING, 0);
  }

  /** With a few pieces, as soon as it has a parent. */
  static PeerView begun(String id) {
    return peer(id, false, PeerState.WAITING, 4);
  }

  static PeerView complete(String id) {
    return peer(id, false, PeerState.COMPLETE, 64);
  }

  private static PeerView peer(String id, boolean seed, PeerState state, int pieces) {
    return new PeerView(
        id,
        "host-" + id,
        "",
        seed,
        state,
        Optional.empty(),
        Set.of(),
        true,
        true,
        pieces,
        Conduct.UNKNOWN);
  }

  static PeerView blocking(PeerView peer, String... parents) {
    return new PeerView(
        peer.id(),
        peer.host(),
        peer.zone(),
        peer.seed(),
        peer.state(),
        peer.parent(),
        Set.of(parents),
        true,
        peer.mayReadSource(),
        peer.pieces(),
        peer.conduct());
  }

  /** It gave its parents up just now. */
  static PeerView resting(PeerView peer) {
    return new PeerView(
        peer.id(),
        peer.host(),
        peer.zone(),
        peer.seed(),
        peer.state(),
        peer.parent(),
        peer.blocked(),
        false,
        peer.mayReadSource(),
        peer.pieces(),
        peer.conduct());
  }

  /** It may not read the source. */
  static PeerView barred(PeerView peer) {
    return new PeerView(
        peer.id(),
        peer.host(),
        peer.zone(),
        peer.seed(),
        peer.state(),
        peer.parent(),
        peer.blocked(),
        peer.mayStartOver(),
        false,
        peer.pieces(),
        peer.conduct());
  }

  static PeerView inZone(String zone, PeerView peer) {
    return new PeerView(
        peer.id(),
        peer.host(),
        zone,
        peer.seed(),
        peer.state(),
        peer.parent(),
        peer.blocked(),
        peer.mayStartOver(),
        peer.mayReadSource(),
        peer.pieces(),
        peer.conduct());
  }

  static PeerView doing(Conduct conduct, PeerView peer) {
    return new PeerView(
        peer.id(),
        peer.host(),
        peer.zone(),
        peer.seed(),
        peer.state(),
        peer.parent(),
        peer.blocked(),
        peer.mayStartOver(),
        peer.mayReadSource(),
        peer.pieces(),
        conduct);
  }

  /** Its host is known to move so many bytes per second. */
  static PeerView moving(long rate, PeerView peer) {
    return doing(new Conduct(rate, false, false, false), peer);
  }

  static List<Decision> decide(TaskView.Seeds seeds, PeerView... peers) {
    return ParentPolicy.decide(new TaskView(List.of(peers), 0, 8, seeds));
  }
}
