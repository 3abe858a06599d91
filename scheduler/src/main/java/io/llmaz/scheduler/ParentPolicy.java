package io.llmaz.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is whose parent: chains, unless the {@link Shape} of the task says otherwise.
 *
 * <p>Every holder of the whole file, and the one peer that reads the source, starts a chain; each
 * peer has one parent and, as long as another place is free, one child. So every node sends the
 * file once, and the last byte arrives one link time plus a few hops after the first. A waiting
 * peer joins the shortest chain of its zone, or enters its zone from another one; chains that start
 * at complete holders come before the one that still waits for the source.
 *
 * <p>The source is read by one peer at a time, and only while nobody feeds: a seed when there is
 * one.
 */
final class ParentPolicy {
  private ParentPolicy() {}

  /** What to do about the peers that wait; peers that have a place keep it. */
  static List<Decision> decide(TaskView task) {
    Map<String, PeerView> peers = new LinkedHashMap<>();
    task.peers().forEach(peer -> peers.put(peer.id(), peer));
    List<Decision> decisions = new ArrayList<>();
    Shape shape = shape(task);
    boolean asked = task.seeds() == TaskView.Seeds.ASKED;
    for (PeerView peer : waitingSeedsFirst(task)) {
      Optional<String> parent = parentFor(peer, peers, shape);
      if (parent.isPresent()) {
        peers.put(peer.id(), peer.fedBy(parent.get()));
        decisions.add(new Decision.Feed(peer.id(), parent.get()));
      } else if (peers.values().stream().anyMatch(o -> o.state().feeds() && rooted(o, peers))) {
        continue; // Somebody has it, only not for this peer now: a place becomes free.
      } else if (!peer.seed() && task.seeds() == TaskView.Seeds.IDLE) {
        if (!asked) {
          asked = true;
          decisions.add(new Decision.AskSeed());
        }
      } else if (!peer.seed() && asked) {
        continue; // The seed will register, then this peer gets its place.
      } else if (peer.mayReadSource()) {
        peers.put(peer.id(), peer.readingSource());
        decisions.add(new Decision.ReadSource(peer.id()));
      } else {
        decisions.add(new Decision.Refuse(peer.id()));
      }
    }
    return decisions;
  }

  private static List<PeerView> waitingSeedsFirst(TaskView task) {
    return task.peers().stream()
        .filter(peer -> peer.state() == PeerState.WAITING)
        .sorted(Comparator.comparing(peer -> !peer.seed()))
        .toList();
  }

  private static Shape shape(TaskView task) {
    int peers = 0;
    int holders = 0;
    for (PeerView peer : task.peers()) {
      if (peer.state() == PeerState.COMPLETE || peer.state() == PeerState.SOURCE) {
        holders++;
      } else if (!peer.seed()) {
        peers++;
      }
    }
    return Shape.of(task.pieces(), task.inFlight(), peers, holders);
  }

  private static Optional<String> parentFor(
      PeerView peer, Map<String, PeerView> peers, Shape shape) {
    Set<String> below = descendants(peer.id(), peers);
    List<PeerView> able =
        peers.values().stream()
            .filter(other -> other.state().feeds())
            .filter(other -> !other.host().equals(peer.host()))
            .filter(other -> !below.contains(other.id()))
            .filter(other -> rooted(other, peers))
            .filter(other -> !shape.rounds() || feedsInRounds(other, peers))
            .toList();
    List<PeerView> trusted = able.stream().filter(o -> !peer.blocked().contains(o.id())).toList();
    // A peer that gave up everybody starts over: a parent that stumbled once is better than none.
    return (trusted.isEmpty() && peer.mayStartOver() ? able : trusted)
        .stream()
            .min(
                Comparator.<PeerView, Boolean>comparing(o -> !o.zone().equals(peer.zone()))
                    .thenComparing(other -> children(other, peers) >= shape.children())
                    .thenComparing(other -> other.state() != PeerState.COMPLETE)
                    .thenComparingInt(other -> depth(other, peers))
                    .thenComparingInt(other -> children(other, peers))
                    .thenComparingInt(other -> -other.pieces()))
            .map(PeerView::id);
  }

  private static boolean feedsInRounds(PeerView peer, Map<String, PeerView> peers) {
    return peer.state() != PeerState.FED && children(peer, peers) == 0;
  }

  /** Whether the way up ends at somebody who has the file or reads it. */
  private static boolean rooted(PeerView peer, Map<String, PeerView> peers) {
    PeerView at = peer;
    for (int steps = 0; steps <= peers.size(); steps++) {
      if (at.parent().isEmpty()) {
        return at.state().feeds();
      }
      PeerView up = peers.get(at.parent().get());
      if (up == null) {
        return true; // Its parent left; what it has can be had, and it will ask for another.
      }
      at = up;
    }
    return false;
  }

  private static int depth(PeerView peer, Map<String, PeerView> peers) {
    int depth = 0;
    PeerView at = peer;
    while (at != null && at.state() == PeerState.FED && depth <= peers.size()) {
      depth++;
      at = peers.get(at.parent().orElseThrow());
    }
    return depth;
  }

  private static int children(PeerView peer, Map<String, PeerView> peers) {
    return (int)
        peers.values().stream()
            .filter(other -> other.parent().filter(peer.id()::equals).isPresent())
            .count();
  }

  private static Set<String> descendants(String id, Map<String, PeerView> peers) {
    Set<String> found = new HashSet<>(Set.of(id));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (PeerView peer : peers.values()) {
        if (peer.parent().filter(found::contains).isPresent() && found.add(peer.id())) {
          grew = true;
        }
      }
    }
    return found;
  }
}
