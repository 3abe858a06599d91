package io.llmaz.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final List<Member> feeding = new ArrayList<>();

  /** Those of them that have something and a free place: few, however many peers there are. */
  private final List<Member> open = new ArrayList<>();

  private final List<Member> openForSlow = new ArrayList<>();

  /**
   * Who looked for a place in vain since one was last taken: hundreds of peers may wait, and who is
   * like one of these need not look.
   */
  private final Set<Seeker> inVain = new HashSet<>();

  /**
   * Peers that nothing else tells apart: they gave nobody up, feed nobody and are in no hurry, and
   * a host has one peer of a task.
   */
  private record Seeker(String zone, boolean slow) {}

  private ParentPolicy(TaskView task) {
    this.task = task;
    slowBelow = slowBelow(task);
    family = new Family(task.peers(), this::isSlow);
    children = shape(task).children();
    for (Member member : family.members()) {
      if (member.peer().feeds() && family.rooted(member)) {
        feeds(member);
      }
    }
  }

  private void feeds(Member member) {
    inVain.clear();
    feeding.add(member);
    if (member.peer().hasSomething() && hasPlace(member, false)) {
      open.add(member);
    }
    if (member.peer().hasSomething() && hasPlace(member, true)) {
      openForSlow.add(member);
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
    List<Member> waiting = waiting();
    for (int i = 0; i < waiting.size(); i++) {
      Member member = waiting.get(i);
      PeerView peer = member.peer();
      Optional<Member> parent = parentFor(member, waiting.size() - i);
      if (parent.isPresent()) {
        feed(member, parent.get());
        decisions.add(new Decision.Feed(peer.id(), parent.get().peer().id()));
        continue;
      }
      // Somebody has it, only not for this peer now; or the seed that was asked will register.
      boolean willBeFed = !feeding.isEmpty() || sourceIsRead || (asked && !peer.seed());
      if (!willBeFed && asksSeed(peer)) {
        asked = true;
        decisions.add(new Decision.AskSeed());
      } else if (!willBeFed && peer.source().readsItself()) {
        sourceIsRead = true;
        family.readSource(member);
        decisions.add(new Decision.ReadSource(peer.id()));
        if (!peer.conduct().shunned()) {
          feeds(member);
        }
      } else if (!willBeFed) {
        decisions.add(new Decision.Refuse(peer.id()));
      }
    }
    return decisions;
  }

  private boolean asksSeed(PeerView peer) {
    return !peer.seed() && peer.source().asksSeeds() && task.seeds() == TaskView.Seeds.IDLE;
  }

  private void feed(Member child, Member parent) {
    inVain.clear();
    family.feed(child, parent);
    open.removeIf(other -> !hasPlace(other, false));
    openForSlow.removeIf(other -> !hasPlace(other, true));
    if (child.peer().feeds()) {
      feeds(child);
    }
  }

  /** Seeds, then the quick, then the slow; those that came first first. */
  private List<Member> waiting() {
    return family.members().stream()
        .filter(member -> member.peer().state() == PeerState.WAITING)
        .sorted(
            Comparator.<Member, Boolean>comparing(member -> !member.peer().seed())
                .thenComparing(Member::slow))
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

  private Optional<Member> parentFor(Member member, int waiting) {
    PeerView peer = member.peer();
    boolean hurried = peer.conduct().impatient();
    boolean slow = member.slow();
    List<Member> places = hurried ? feeding : slow ? openForSlow : open;
    if (places.isEmpty()) {
      return Optional.empty();
    }
    Seeker seeker = new Seeker(peer.zone(), slow);
    boolean likeOthers = !hurried && peer.blocked().isEmpty() && !member.hasChildren();
    if (likeOthers && inVain.contains(seeker)) {
      return Optional.empty();
    }
    Optional<Member> parent = bestOf(places, member, waiting);
    if (likeOthers && parent.isEmpty()) {
      inVain.add(seeker);
    }
    return parent;
  }

  private Optional<Member> bestOf(List<Member> places, Member member, int waiting) {
    PeerView peer = member.peer();
    boolean hurried = peer.conduct().impatient();
    boolean slow = member.slow();
    Predicate<Member> able =
        other -> !other.peer().host().equals(peer.host()) && !family.isBelow(other, member);
    // A peer that gave up everybody starts over: a parent that stumbled once is better than none.
    Predicate<Member> known =
        narrowed(able, other -> !peer.blocked().contains(other.peer().id()), !peer.mayStartOver());
    Predicate<Member> quick = narrowed(known, other -> !other.slow(), false);
    Predicate<Member> near =
        hurried ? quick : narrowed(quick, other -> inZoneOf(other, peer), false);
    return places.stream()
        .filter(other -> hurried || slow || children > 1 || !isTooDeep(other, waiting))
        .filter(near)
        .min(
            Comparator.<Member, Boolean>comparing(other -> !hasPlace(other, slow))
                .thenComparing(other -> !other.peer().hasSomething())
                .thenComparingInt(other -> hasPlace(other, slow) ? 0 : other.children())
                .thenComparing(other -> !inZoneOf(other, peer))
                .thenComparing(other -> slow && other.children() > 0)
                .thenComparing(other -> other.peer().state() != PeerState.COMPLETE)
                .thenComparing(other -> other.peer().pieces() <= peer.pieces())
                .thenComparingInt(family::depth)
                .thenComparingInt(other -> -other.peer().pieces()));
  }

  private static boolean inZoneOf(Member other, PeerView peer) {
    return other.peer().zone().equals(peer.zone());
  }

  /** Both, when anybody who feeds is both, or always. */
  private Predicate<Member> narrowed(
      Predicate<Member> wide, Predicate<Member> narrow, boolean always) {
    Predicate<Member> both = wide.and(narrow);
    return always || feeding.stream().anyMatch(both) ? both : wide;
  }

  /**
   * Whether a child of this peer would end later than one that waits for the next link that is
   * free. Behind the head of its chain it ends a hop later for each peer between them. The next
   * link is free when the peer that has most has all; the last of those who wait gets one of the
   * links that are free after it, one more with each hop, and needs the time of the whole file
   * then.
   */
  private boolean isTooDeep(Member parent, int waiting) {
    if (task.pieces() < 1 || parent.peer().state() != PeerState.FED) {
      return false;
    }
    double hop = Math.min((double) task.pieces(), Shape.hop(task.inFlight()));
    double behind = family.mostPieces() - family.headPieces(parent);
    return behind + family.depth(parent) * hop > task.pieces() + Math.sqrt(2.0 * waiting) * hop;
  }

  private boolean hasPlace(Member parent, boolean forSlow) {
    return forSlow ? parent.slowChildren() == 0 : parent.children() < children;
  }
}
