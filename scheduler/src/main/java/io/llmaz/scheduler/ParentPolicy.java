package io.llmaz.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
    List<PeerView> waiting = waitingSeedsFirst(task);
    if (waiting.isEmpty()) {
      return List.of();
    }
    Family family = new Family(task.peers());
    List<Decision> decisions = new ArrayList<>();
    Shape shape = shape(task);
    boolean asked = task.seeds() == TaskView.Seeds.ASKED;
    for (PeerView peer : waiting) {
      List<PeerView> feeding = feeding(family);
      Optional<PeerView> parent = parentFor(peer, feeding, family, shape);
      if (parent.isPresent()) {
        family.feed(peer, parent.get());
        decisions.add(new Decision.Feed(peer.id(), parent.get().id()));
      } else if (!feeding.isEmpty()) {
        continue; // Somebody has it, only not for this peer now: a place becomes free.
      } else if (!peer.seed() && task.seeds() == TaskView.Seeds.IDLE) {
        if (!asked) {
          asked = true;
          decisions.add(new Decision.AskSeed());
        }
      } else if (!peer.seed() && asked) {
        continue; // The seed will register, then this peer gets its place.
      } else if (peer.mayReadSource()) {
        family.readSource(peer);
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

  /** Those from whom pieces can be had, now or as they arrive. */
  private static List<PeerView> feeding(Family family) {
    List<PeerView> feeding = new ArrayList<>();
    for (PeerView peer : family.peers()) {
      if (peer.state().feeds() && family.rooted(peer)) {
        feeding.add(peer);
      }
    }
    return feeding;
  }

  private static Optional<PeerView> parentFor(
      PeerView peer, List<PeerView> feeding, Family family, Shape shape) {
    List<PeerView> able =
        feeding.stream()
            .filter(other -> !shape.rounds() || feedsInRounds(other, family))
            .filter(other -> !other.host().equals(peer.host()))
            .filter(other -> !family.isBelow(other, peer))
            .toList();
    List<PeerView> trusted = able.stream().filter(o -> !peer.blocked().contains(o.id())).toList();
    // A peer that gave up everybody starts over: a parent that stumbled once is better than none.
    return (trusted.isEmpty() && peer.mayStartOver() ? able : trusted)
        .stream()
            .min(
                Comparator.<PeerView, Boolean>comparing(o -> !o.zone().equals(peer.zone()))
                    .thenComparing(other -> family.children(other) >= shape.children())
                    .thenComparing(other -> other.state() != PeerState.COMPLETE)
                    .thenComparingInt(family::depth)
                    .thenComparingInt(family::children)
                    .thenComparingInt(other -> -other.pieces()));
  }

  private static boolean feedsInRounds(PeerView peer, Family family) {
    return peer.state() != PeerState.FED && family.children(peer) == 0;
  }
}
