package io.llmaz.scheduler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The peers of a task as a forest, while the policy decides: how many children, how deep, whether
 * the way up ends at the file. Each is found once and kept, so that hundreds of waiting peers cost
 * one look at each other peer and no more.
 */
final class Family {
  private final Map<String, PeerView> peers = new LinkedHashMap<>();
  private final Map<String, Integer> children = new HashMap<>();
  private final Map<String, Integer> slowChildren = new HashMap<>();
  private final Map<String, Integer> all = new HashMap<>();
  private final Predicate<PeerView> slow;
  private int mostPieces;
  private final Map<String, Place> places = new HashMap<>();

  /**
   * Where a peer stands.
   *
   * @param depth hops from the top
   * @param rooted whether the top has the file or reads it
   * @param headPieces pieces of the first below the top, of itself when it is the top
   */
  private record Place(int depth, boolean rooted, int headPieces) {}

  Family(List<PeerView> members, Predicate<PeerView> slow) {
    this.slow = slow;
    for (PeerView peer : members) {
      peers.put(peer.id(), peer);
      peer.parent().ifPresent(parent -> count(peer, parent));
      if (peer.state() == PeerState.FED) {
        mostPieces = Math.max(mostPieces, peer.pieces());
      }
    }
  }

  private void count(PeerView child, String parent) {
    all.merge(parent, 1, Integer::sum);
    if (slow.test(child)) {
      slowChildren.merge(parent, 1, Integer::sum);
    } else if (!child.conduct().stalled()) {
      children.merge(parent, 1, Integer::sum);
    }
  }

  Iterable<PeerView> peers() {
    return peers.values();
  }

  /** How many of its children take their share: not the slow ones, not those that stand still. */
  int children(PeerView peer) {
    return children.getOrDefault(peer.id(), 0);
  }

  int slowChildren(PeerView peer) {
    return slowChildren.getOrDefault(peer.id(), 0);
  }

  int depth(PeerView peer) {
    return place(peer).depth();
  }

  /** How many pieces the head of its chain has. */
  int headPieces(PeerView peer) {
    return place(peer).headPieces();
  }

  /** The most that a peer has which is still fed. */
  int mostPieces() {
    return mostPieces;
  }

  boolean rooted(PeerView peer) {
    return place(peer).rooted();
  }

  /** Whether a peer is this one or gets the file through it. */
  boolean isBelow(PeerView peer, PeerView top) {
    if (!all.containsKey(top.id())) {
      return peer.id().equals(top.id());
    }
    Optional<PeerView> at = Optional.of(peer);
    for (int steps = 0; at.isPresent() && steps <= peers.size(); steps++) {
      if (at.get().id().equals(top.id())) {
        return true;
      }
      at = at.get().parent().map(peers::get);
    }
    return false;
  }

  void feed(PeerView child, PeerView parent) {
    replace(child.fedBy(parent.id()));
    count(child, parent.id());
  }

  void readSource(PeerView reader) {
    replace(reader.readingSource());
  }

  private void replace(PeerView peer) {
    peers.put(peer.id(), peer);
    if (!all.containsKey(peer.id())) {
      places.remove(peer.id());
    } else {
      places.clear(); // Whoever is below it has moved too.
    }
  }

  private Place place(PeerView peer) {
    Place known = places.get(peer.id());
    if (known != null) {
      return known;
    }
    // Not by recursion: a chain may be thousands of peers long.
    int depth = 0;
    int headPieces = peer.pieces();
    PeerView at = peer;
    boolean rooted = false;
    while (depth <= peers.size()) {
      if (at.parent().isEmpty()) {
        rooted = at.feeds();
        break;
      }
      headPieces = at.pieces();
      PeerView up = peers.get(at.parent().get());
      depth++;
      if (up == null) {
        rooted = true; // Its parent left; what it has can be had, and it will ask for another.
        break;
      }
      Place above = places.get(up.id());
      if (above != null) {
        headPieces = above.depth() == 0 ? headPieces : above.headPieces();
        depth += above.depth();
        rooted = above.rooted();
        break;
      }
      at = up;
    }
    Place place = new Place(depth, rooted, headPieces);
    places.put(peer.id(), place);
    return place;
  }
}
