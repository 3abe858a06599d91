package io.llmaz.scheduler;

import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.SeedOrder;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A task and its peers. Guarded by the swarm's lock. */
final class SwarmTask {
  /** dfdaemon's {@code download.concurrentPieceCount} where nothing is said. */
  private static final int DEFAULT_IN_FLIGHT = 8;

  final String id;
  final Map<String, SwarmPeer> peers = new LinkedHashMap<>();
  private final Map<String, Instant> failedSeeds = new HashMap<>();
  private Optional<String> askedSeed = Optional.empty();

  SwarmTask(String id) {
    this.id = id;
  }

  /** The seed to ask now: the task's own, or the next that has not failed lately. */
  Optional<Host> nextSeed(Collection<Host> seeds, Instant now) {
    Map<SeedAddress, Host> byAddress = new HashMap<>();
    for (Host seed : seeds) {
      if (!seed.getIp().isEmpty() && seed.getPort() > 0) {
        byAddress.put(new SeedAddress(seed.getIp(), seed.getPort()), seed);
      }
    }
    return SeedOrder.of(id, byAddress.keySet()).stream()
        .map(byAddress::get)
        .filter(seed -> now.isAfter(failedSeeds.getOrDefault(seed.getId(), Instant.MIN)))
        .findFirst();
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

  TaskView view(Collection<Host> seeds, HostRates rates, Instant now) {
    TaskView.Seeds state;
    if (askedSeed.isPresent()) {
      state = TaskView.Seeds.ASKED;
    } else {
      state = nextSeed(seeds, now).isPresent() ? TaskView.Seeds.IDLE : TaskView.Seeds.NONE;
    }
    return new TaskView(
        peers.values().stream()
            .map(peer -> peer.view(now, rates.of(peer.host.getId()), stalled(peer, now)))
            .toList(),
        pieces(),
        inFlight(),
        state);
  }

  boolean anyoneWaits() {
    return peers.values().stream().anyMatch(peer -> peer.state == PeerState.WAITING);
  }

  private boolean stalled(SwarmPeer peer, Instant now) {
    SwarmPeer parent = peer.parent == null ? null : peers.get(peer.parent);
    return parent != null && peer.stalled(parent, now);
  }

  /** How many have this parent. */
  long childrenOf(SwarmPeer parent) {
    return peers.values().stream().filter(peer -> parent.id.equals(peer.parent)).count();
  }

  TaskTree picture() {
    return new TaskTree(id, pieces(), peers.values().stream().map(SwarmPeer::picture).toList());
  }

  private long pieces() {
    return peers.values().stream()
        .mapToLong(peer -> peer.download.getActualPieceCount())
        .max()
        .orElse(0);
  }

  private int inFlight() {
    return peers.values().stream()
        .filter(peer -> !peer.seed() && peer.download.getConcurrentPieceCount() > 0)
        .mapToInt(peer -> peer.download.getConcurrentPieceCount())
        .min()
        .orElse(DEFAULT_IN_FLIGHT);
  }

  /** What a seed is asked to download: what a peer wanted, without what is about that peer. */
  Optional<Download> downloadForSeed() {
    return peers.values().stream()
        .findFirst()
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
