package io.llmaz.scheduler;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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
        SourceUse.SEED_FIRST,
        pieces,
        Conduct.UNKNOWN);
  }

  /** A copy of a view in which single values may be set. */
  static final class Draft {
    private final String id;
    private final String host;
    String zone;
    boolean seed;
    PeerState state;
    Optional<String> parent;
    Set<String> blocked;
    boolean mayStartOver;
    SourceUse source;
    int pieces;
    Conduct conduct;

    private Draft(PeerView from) {
      id = from.id();
      host = from.host();
      zone = from.zone();
      seed = from.seed();
      state = from.state();
      parent = from.parent();
      blocked = from.blocked();
      mayStartOver = from.mayStartOver();
      source = from.source();
      pieces = from.pieces();
      conduct = from.conduct();
    }

    private PeerView view() {
      return new PeerView(
          id, host, zone, seed, state, parent, blocked, mayStartOver, source, pieces, conduct);
    }
  }

  /** The same peer with something changed. */
  static PeerView with(PeerView peer, Consumer<Draft> change) {
    Draft draft = new Draft(peer);
    change.accept(draft);
    return draft.view();
  }

  static PeerView blocking(PeerView peer, String... parents) {
    return with(
        peer,
        draft -> {
          draft.blocked = Set.of(parents);
          draft.mayStartOver = true;
        });
  }

  /** It gave its parents up just now. */
  static PeerView resting(PeerView peer) {
    return with(peer, draft -> draft.mayStartOver = false);
  }

  /** It may not read the source. */
  static PeerView barred(PeerView peer) {
    return with(peer, draft -> draft.source = SourceUse.SEED_ONLY);
  }

  static PeerView inZone(String zone, PeerView peer) {
    return with(peer, draft -> draft.zone = zone);
  }

  static PeerView doing(Conduct conduct, PeerView peer) {
    return with(peer, draft -> draft.conduct = conduct);
  }

  /** Its host is known to move so many bytes per second. */
  static PeerView moving(long rate, PeerView peer) {
    return doing(new Conduct(rate, false, false, false), peer);
  }

  static List<Decision> decide(TaskView.Seeds seeds, PeerView... peers) {
    return ParentPolicy.decide(new TaskView(List.of(peers), 0, 8, seeds));
  }
}
