package io.llmaz.scheduler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The peers of a task as a forest, while the policy decides: how many children, how deep, whether
 * the way up ends at the file. Each is found once and kept, so that hundreds of waiting peers cost
 * one look at each other peer and no more.
 */
final class Family {
  private final Map<String, PeerView> peers = new LinkedHashMap<>();
  private final Map<String, Integer> children = new HashMap<>();
  private final Map<String, Place> places = new HashMap<>();

  /**
   * Where a peer stands.
   *
   * @param depth hops from the top
   * @param rooted whether the top has the file or reads it
   */
  private record Place(int depth, boolean rooted) {}

  Family(List<PeerView> all) {
    for (PeerView peer : all) {
      peers.put(peer.id(), peer);
      peer.parent().ifPresent(parent -> children.merge(parent, 1, Integer::sum));
    }
  }

  Iterable<PeerView> peers() {
    return peers.values();
  }

  int children(PeerView peer) {
    return children.getOrDefault(peer.id(), 0);
  }

  int depth(PeerView peer) {
    return place(peer).depth();
  }

  boolean rooted(PeerView peer) {
    return place(peer).rooted();
  }

  /** Whether a peer is this one or gets the file through it. */
  boolean isBelow(PeerView peer, PeerView top) {
    if (children(top) == 0) {
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
    children.merge(parent.id(), 1, Integer::sum);
  }

  void readSource(PeerView reader) {
    replace(reader.readingSource());
  }

  private void replace(PeerView peer) {
    peers.put(peer.id(), peer);
    if (children(peer) == 0) {
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
    PeerView at = peer;
    boolean rooted = false;
    while (depth <= peers.size()) {
      if (at.parent().isEmpty()) {
        rooted = at.state().feeds();
        break;
      }
      PeerView up = peers.get(at.parent().get());
      depth++;
      if (up == null) {
        rooted = true; // Its parent left; what it has can be had, and it will ask for another.
        break;
      }
      Place above = places.get(up.id());
      if (above != null) {
        depth += above.depth();
        rooted = above.rooted();
        break;
      }
      at = up;
    }
    Place place = new Place(depth, rooted);
    places.put(peer.id(), place);
    return place;
  }
}
