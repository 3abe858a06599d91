package io.llmaz.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who is whose parent: chains, unless the {@link Shape} of the task says otherwise.
 *
 * <p>A peer gets a parent that has something to give and a free place: one child each, so that
 * every node sends the file once, over a link of its own. Who finds no place waits; the next peer
 * that gets its first piece, or whose child has everything, takes it. Complete holders come first,
 * then who has most.
 *
 * <p>A peer is fed from its own zone as soon as anybody there is fed, so each zone is entered once.
 * A slow peer is a leaf beside its parent's child. The source is read by one peer at a time, and
 * only while nobody feeds: a seed when there is one.
 */
final class ParentPolicy {
  /** A peer is slow when it is known to move less than this part of what the middle one moves. */
  private static final double SLOW = 1 / 3.0;

  private final Family family;
  private final int children;
  private final TaskView task;
  private final double slowBelow;

  /** Those from whom pieces can be had, now or as they arrive. */
  private final List<PeerView> feeding = new ArrayList<>();

  /** Those of them that have something and a free place: few, however many peers there are. */
  private final List<PeerView> open = new ArrayList<>();

  private final List<PeerView> openForSlow = new ArrayList<>();

  private ParentPolicy(TaskView task) {
    this.task = task;
    slowBelow = slowBelow(task);
    family = new Family(task.peers(), this::isSlow);
    children = shape(task).children();
    for (PeerView peer : family.peers()) {
      if (peer.feeds() && family.rooted(peer)) {
        feeds(peer);
      }
    }
  }

  private void feeds(PeerView peer) {
    feeding.add(peer);
    if (peer.hasSomething() && hasPlace(peer, false)) {
      open.add(peer);
    }
    if (peer.hasSomething() && hasPlace(peer, true)) {
      openForSlow.add(peer);
    }
  }

  /** What to do about the peers that wait; peers that have a place keep it. */
  static List<Decision> decide(TaskView task) {
    if (task.peers().stream().noneMatch(peer -> peer.state() == PeerState.WAITING)) {
      return List.of();
    }
    return new ParentPolicy(task).decisions();
  }

  private List<Decision> decisions() {
    List<Decision> decisions = new ArrayList<>();
    boolean asked = task.seeds() == TaskView.Seeds.ASKED;
    // Also one that feeds nobody, such as one that reads a part of the file.
    boolean sourceIsRead = task.peers().stream().anyMatch(peer -> peer.state() == PeerState.SOURCE);
    List<PeerView> waiting = waiting();
    for (int i = 0; i < waiting.size(); i++) {
      PeerView peer = waiting.get(i);
      Optional<PeerView> parent = parentFor(peer, waiting.size() - i);
      if (parent.isPresent()) {
        feed(peer, parent.get());
        decisions.add(new Decision.Feed(peer.id(), parent.get().id()));
        continue;
      }
      // Somebody has it, only not for this peer now; or the seed that was asked will register.
      boolean willBeFed = !feeding.isEmpty() || sourceIsRead || (asked && !peer.seed());
      if (!willBeFed && !peer.seed() && task.seeds() == TaskView.Seeds.IDLE) {
        asked = true;
        decisions.add(new Decision.AskSeed());
      } else if (!willBeFed && peer.mayReadSource()) {
        sourceIsRead = true;
        family.readSource(peer);
        decisions.add(new Decision.ReadSource(peer.id()));
        if (!peer.conduct().shunned()) {
          feeds(peer.readingSource());
        }
      } else if (!willBeFed) {
        decisions.add(new Decision.Refuse(peer.id()));
      }
    }
    return decisions;
  }

  private void feed(PeerView peer, PeerView parent) {
    family.feed(peer, parent);
    open.removeIf(other -> !hasPlace(other, false));
    openForSlow.removeIf(other -> !hasPlace(other, true));
    PeerView fed = peer.fedBy(parent.id());
    if (fed.feeds()) {
      feeds(fed);
    }
  }

  /** Seeds, then the quick, then the slow; those that came first first. */
  private List<PeerView> waiting() {
    return task.peers().stream()
        .filter(peer -> peer.state() == PeerState.WAITING)
        .sorted(
            Comparator.<PeerView, Boolean>comparing(peer -> !peer.seed())
                .thenComparing(this::isSlow))
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

  private boolean isSlow(PeerView peer) {
    return peer.conduct().rate() > 0 && peer.conduct().rate() < slowBelow;
  }

  private static double slowBelow(TaskView task) {
    long[] rates =
        task.peers().stream()
            .mapToLong(peer -> peer.conduct().rate())
            .filter(rate -> rate > 0)
            .sorted()
            .toArray();
    return rates.length == 0 ? 0 : rates[rates.length / 2] * SLOW;
  }

  private Optional<PeerView> parentFor(PeerView peer, int waiting) {
    boolean hurried = peer.conduct().impatient();
    boolean slow = isSlow(peer);
    List<PeerView> places = hurried ? feeding : slow ? openForSlow : open;
    if (places.isEmpty()) {
      return Optional.empty();
    }
    Predicate<PeerView> able =
        other -> !other.host().equals(peer.host()) && !family.isBelow(other, peer);
    // A peer that gave up everybody starts over: a parent that stumbled once is better than none.
    Predicate<PeerView> known =
        narrowed(able, other -> !peer.blocked().contains(other.id()), !peer.mayStartOver());
    Predicate<PeerView> quick = narrowed(known, other -> !isSlow(other), false);
    Predicate<PeerView> near =
        hurried ? quick : narrowed(quick, other -> other.zone().equals(peer.zone()), false);
    return places.stream()
        .filter(other -> hurried || slow || children > 1 || !isTooDeep(other, waiting))
        .filter(near)
        .min(
            Comparator.<PeerView, Boolean>comparing(other -> !hasPlace(other, slow))
                .thenComparing(other -> !other.hasSomething())
                .thenComparingInt(other -> hasPlace(other, slow) ? 0 : family.children(other))
                .thenComparing(other -> !other.zone().equals(peer.zone()))
                .thenComparing(other -> slow && family.children(other) > 0)
                .thenComparing(other -> other.state() != PeerState.COMPLETE)
                .thenComparing(other -> other.pieces() <= peer.pieces())
                .thenComparingInt(family::depth)
                .thenComparingInt(other -> -other.pieces()));
  }

  /** Both, when anybody who feeds is both, or always. */
  private Predicate<PeerView> narrowed(
      Predicate<PeerView> wide, Predicate<PeerView> narrow, boolean always) {
    Predicate<PeerView> both = wide.and(narrow);
    return always || feeding.stream().anyMatch(both) ? both : wide;
  }

  /**
   * Whether a child of this peer would end later than one that waits for the next link that is
   * free. Behind the head of its chain it ends a hop later for each peer between them. The next
   * link is free when the peer that has most has all; the last of those who wait gets one of the
   * links that are free after it, one more with each hop, and needs the time of the whole file
   * then.
   */
  private boolean isTooDeep(PeerView parent, int waiting) {
    if (task.pieces() < 1 || parent.state() != PeerState.FED) {
      return false;
    }
    double hop = Math.min((double) task.pieces(), Shape.hop(task.inFlight()));
    double behind = family.mostPieces() - family.headPieces(parent);
    return behind + family.depth(parent) * hop > task.pieces() + Math.sqrt(2.0 * waiting) * hop;
  }

  private boolean hasPlace(PeerView parent, boolean forSlow) {
    return forSlow ? family.slowChildren(parent) == 0 : family.children(parent) < children;
  }
}
