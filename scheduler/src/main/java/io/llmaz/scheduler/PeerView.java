package io.llmaz.scheduler;

import java.util.Optional;
import java.util.Set;

/**
 * What the policy sees of a peer.
 *
 * @param id of the peer
 * @param host on which it runs; a host is not its own parent
 * @param seed whether that host is a seed
 * @param state where it stands
 * @param parent from whom it gets pieces, when {@link PeerState#FED}
 * @param blocked parents that it gave up
 * @param mayReadSource whether it may be sent to the source
 * @param pieces how many it has
 */
record PeerView(
    String id,
    String host,
    boolean seed,
    PeerState state,
    Optional<String> parent,
    Set<String> blocked,
    boolean mayReadSource,
    int pieces) {

  PeerView {
    blocked = Set.copyOf(blocked);
    if (parent.isPresent() && state != PeerState.FED) {
      throw new IllegalArgumentException(id + " has a parent but is " + state);
    }
  }

  PeerView fedBy(String parentId) {
    return new PeerView(
        id, host, seed, PeerState.FED, Optional.of(parentId), blocked, mayReadSource, pieces);
  }

  PeerView readingSource() {
    return new PeerView(
        id, host, seed, PeerState.SOURCE, Optional.empty(), blocked, mayReadSource, pieces);
  }
}
