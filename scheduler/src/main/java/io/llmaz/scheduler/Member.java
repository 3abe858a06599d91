package io.llmaz.scheduler;

import org.jspecify.annotations.Nullable;

/** A peer in the {@link Family}, while the policy decides: what is above it and what below. */
final class Member {
  private final boolean slow;
  private PeerView peer;
  private @Nullable Member parent;
  private int children;
  private int slowChildren;
  private int all;
  private @Nullable Place place;

  /**
   * Where a peer stands.
   *
   * @param depth hops from the top
   * @param rooted whether the top has the file or reads it
   * @param headPieces pieces of the first below the top, of itself when it is the top
   */
  record Place(int depth, boolean rooted, int headPieces) {
    /** Of a peer whose way up does not end. */
    static final Place NOWHERE = new Place(Integer.MAX_VALUE / 2, false, 0);
  }

  Member(PeerView peer, boolean slow) {
    this.peer = peer;
    this.slow = slow;
  }

  PeerView peer() {
    return peer;
  }

  boolean slow() {
    return slow;
  }

  /** Null for who has none, and for whose parent left. */
  @Nullable Member parent() {
    return parent;
  }

  /** How many of its children take their share: not the slow ones, not those that stand still. */
  int children() {
    return children;
  }

  int slowChildren() {
    return slowChildren;
  }

  boolean hasChildren() {
    return all > 0;
  }

  @Nullable Place place() {
    return place;
  }

  void hangOn(Member above) {
    parent = above;
    above.all++;
    if (slow) {
      above.slowChildren++;
    } else if (!peer.conduct().stalled()) {
      above.children++;
    }
  }

  /** What the peer is from now on. */
  void becomes(PeerView next) {
    peer = next;
  }

  void stands(Place at) {
    place = at;
  }

  void moved() {
    place = null;
  }

  /** The place of a peer below one that stands there. */
  Place below(@Nullable Place above) {
    if (peer.parent().isEmpty()) {
      return new Place(0, peer.feeds(), peer.pieces());
    }
    if (above == null) {
      // Its parent left; what it has can be had, and it will ask for another.
      return new Place(1, true, peer.pieces());
    }
    int headPieces = above.depth() == 0 ? peer.pieces() : above.headPieces();
    return new Place(above.depth() + 1, above.rooted(), headPieces);
  }
}
