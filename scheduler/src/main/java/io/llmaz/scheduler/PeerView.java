package io.llmaz.scheduler;

import java.util.Optional;
import java.util.Set;

/**
 * What the policy sees of a peer.
 *
 * @param id of the peer
 * @param host on which it runs; a host is not its own parent
 * @param zone of that host; empty when it names none
 * @param seed whether that host is a seed
 * @param state where it stands
 * @param parent from whom it gets pieces, when {@link PeerState#FED}
 * @param blocked parents that it gave up
 * @param mayStartOver whether it may be sent back to one of those, when there is nobody else
 * @param source who reads the source for it
 * @param pieces how many it has
 * @param conduct how it did so far
 */
record PeerView(
    String id,
    String host,
    String zone,
    boolean seed,
    PeerState state,
    Optional<String> parent,
    Set<String> blocked,
    boolean mayStartOver,
    SourceUse source,
    int pieces,
    Conduct conduct) {

  PeerView {
    blocked = Set.copyOf(blocked);
    if (parent.isPresent() && state != PeerState.FED) {
      throw new IllegalArgumentException(id + " has a parent but is " + state);
    }
  }

  /** Whether others can get pieces from it, now or as they arrive. */
  boolean feeds() {
    return state.feeds() && !conduct.shunned();
  }

  /** Whether there is something to get from it at once. */
  boolean hasSomething() {
    return state == PeerState.COMPLETE || pieces > 0;
  }

  PeerView fedBy(String parentId) {
    return in(PeerState.FED, Optional.of(parentId));
  }

  PeerView readingSource() {
    return in(PeerState.SOURCE, Optional.empty());
  }

  private PeerView in(PeerState next, Optional<String> nextParent) {
    return new PeerView(
        id, host, zone, seed, next, nextParent, blocked, mayStartOver, source, pieces, conduct);
  }
}
