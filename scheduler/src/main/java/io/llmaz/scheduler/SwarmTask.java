package io.llmaz.scheduler;

import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.SeedOrder;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task and its peers. Guarded by the swarm's lock. */
final class SwarmTask {
  /** dfdaemon's {@code download.concurrentPieceCount} where nothing is said. */
  private static final int DEFAULT_IN_FLIGHT = 8;

  final String id;
  final TaskPeers peers = new TaskPeers();
  private final Map<String, Instant> failedSeeds = new HashMap<>();
  private Optional<String> askedSeed = Optional.empty();
  private List<Host> seeds = List.of();

  /** Of those seeds, the task's own first. */
  private List<Host> order = List.of();

  /** Whether somebody will decide about it. */
  boolean due;

  SwarmTask(String id) {
    this.id = id;
  }

  /** The seed to ask now: the task's own, or the next that has not failed lately. */
  Optional<Host> nextSeed(List<Host> announced, Instant now) {
    if (!announced.equals(seeds)) {
      seeds = announced;
      order = inOrder(announced);
    }
    for (Host seed : order) {
      if (now.isAfter(failedSeeds.getOrDefault(seed.getId(), Instant.MIN))) {
        return Optional.of(seed);
      }
    }
    return Optional.empty();
  }

  private List<Host> inOrder(List<Host> announced) {
    Map<SeedAddress, Host> byAddress = new HashMap<>();
    for (Host seed : announced) {
      if (!seed.getIp().isEmpty() && seed.getPort() > 0) {
        byAddress.put(new SeedAddress(seed.getIp(), seed.getPort()), seed);
      }
    }
    return SeedOrder.of(id, byAddress.keySet()).stream()
        .flatMap(address -> Optional.ofNullable(byAddress.get(address)).stream())
        .toList();
  }

  void asked(Host seed) {
    askedSeed = Optional.of(seed.getId());
  }

  void seedEnded(Host seed, boolean failed, Instant restUntil) {
    if (askedSeed.filter(seed.getId()::equals).isPresent()) {
      askedSeed = Optional.empty();
    }
    if (failed) {
      rest(seed, restUntil);
    }
  }

  /** A seed is not asked for this task until then. */
  void rest(Host seed, Instant until) {
    failedSeeds.put(seed.getId(), until);
  }

  TaskView view(List<Host> announcedSeeds, Instant now) {
    TaskView.Seeds state;
    if (askedSeed.isPresent()) {
      state = TaskView.Seeds.ASKED;
    } else {
      state = nextSeed(announcedSeeds, now).isPresent() ? TaskView.Seeds.IDLE : TaskView.Seeds.NONE;
    }
    List<PeerView> views = new ArrayList<>(peers.standing().size());
    for (SwarmPeer peer : peers.standing()) {
      views.add(peer.view(now, stalled(peer, now)));
    }
    return new TaskView(views, pieces(), inFlight(), state);
  }

  boolean anyoneWaits() {
    for (SwarmPeer peer : peers.all()) {
      if (peer.state() == PeerState.WAITING) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells peers that wait and follow another of their host what that one was told.
   *
   * @return whether one of them stands for its host now, and is to be decided about
   */
  boolean tellFollowers(Instant now) {
    boolean promoted = false;
    for (SwarmPeer follower : List.copyOf(peers.followers())) {
      if (follower.state() == PeerState.WAITING) {
        promoted |= tell(follower, peers.standingFor(follower), now);
      }
    }
    return promoted;
  }

  private boolean tell(SwarmPeer follower, SwarmPeer standing, Instant now) {
    boolean hasOrReads =
        standing.state() == PeerState.SOURCE || standing.state() == PeerState.COMPLETE;
    if (hasOrReads && !follower.download.getDisableBackToSource()) {
      // Its daemon takes the pieces that it has or reads already, and reads none twice.
      follower.become(PeerState.SOURCE);
      follower.stream.readSource("its host has it, or reads it");
    } else if (standing.state() == PeerState.COMPLETE) {
      peers.promote(follower);
      return true;
    } else if (standing.state() == PeerState.FED) {
      SwarmPeer parent = peers.get(standing.parent());
      if (parent != null && !follower.gaveUp(parent)) {
        follower.feedFrom(parent, id, now);
      }
    }
    return false;
  }

  private boolean stalled(SwarmPeer peer, Instant now) {
    if (!peer.standsStill(now)) {
      return false;
    }
    SwarmPeer parent = peers.get(peer.parent());
    return parent != null && parent.hasMoreThan(peer);
  }

  /** How many have this parent. */
  int childrenOf(SwarmPeer parent) {
    int children = 0;
    for (SwarmPeer peer : peers.standing()) {
      if (parent.id.equals(peer.parent())) {
        children++;
      }
    }
    return children;
  }

  TaskTree picture() {
    return new TaskTree(id, pieces(), peers.standing().stream().map(SwarmPeer::picture).toList());
  }

  private long pieces() {
    long most = 0;
    for (SwarmPeer peer : peers.standing()) {
      most = Math.max(most, peer.download.getActualPieceCount());
    }
    return most;
  }

  private int inFlight() {
    int least = 0;
    for (SwarmPeer peer : peers.standing()) {
      int says = peer.seed() ? 0 : peer.download.getConcurrentPieceCount();
      if (says > 0 && (least == 0 || says < least)) {
        least = says;
      }
    }
    return least == 0 ? DEFAULT_IN_FLIGHT : least;
  }

  /**
   * What a seed is asked to download: what a peer wanted, without what is about that peer. One that
   * may read the source if there is one: the address of another may not let anybody.
   */
  Optional<Download> downloadForSeed() {
    return peers.standing().stream()
        .min(Comparator.comparing(peer -> peer.download.getDisableBackToSource()))
        .map(peer ->
            peer.download.toBuilder()
                .clearOutputPath()
                .clearRange()
                .clearNeedPieceContent()
                .clearForceHardLink()
                .clearOverwrite()
                .clearPrefetch()
                .clearIsPrefetch()
                .clearDisableBackToSource()
                .clearNeedBackToSource()
                .clearActualPieceLength()
                .clearActualContentLength()
                .clearActualPieceCount()
                .build());
  }
}
