package io.llmaz.scheduler;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Views of peers for policy tests. */
final class TestingPeers {
  private TestingPeers() {}

  static PeerView waiting(String id) {
    return new PeerView(
        id, "host-" + id, "", false, PeerState.WAITING, Optional.empty(), Set.of(), true, true, 0);
  }

  static PeerView waitingSeed(String id) {
    return new PeerView(
        id, "host-" + id, "", true, PeerState.WAITING, Optional.empty(), Set.of(), true, true, 0);
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
        peer.pieces());
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
        peer.pieces());
  }

  static PeerView complete(String id) {
    return new PeerView(
        id,
        "host-" + id,
        "",
        false,
        PeerState.COMPLETE,
        Optional.empty(),
        Set.of(),
        true,
        true,
        64);
  }

  static List<Decision> decide(TaskView.Seeds seeds, PeerView... peers) {
    return ParentPolicy.decide(new TaskView(List.of(peers), 0, 8, seeds));
  }
}
