package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.Priority;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts, tasks and peers, and what is done about them.
 *
 * <p>After each change the {@link ParentPolicy} is asked about the task that it touched, once for
 * changes that come together, and what it decides is carried out; a parent is pushed to a waiting
 * peer the moment there is one, nobody polls.
 *
 * <p>One lock guards everything: a change is a few map operations, a decision one pass over the
 * peers of a task. Calls out of here (streams, the seed client) only queue.
 */
final class Swarm {
  private static final Logger log = LoggerFactory.getLogger(Swarm.class);

  private final SchedulerConfig config;
  private final InstantSource clock;
  private final SeedTrigger seeds;
  private final SchedulerMetrics metrics;
  private final Executor deciding;
  private final SwarmHosts hosts = new SwarmHosts();
  private final Map<String, SwarmTask> tasks = new HashMap<>();
  private final HostRates rates;

  /**
   * One without hosts.
   *
   * @param rates which may know already how fast some hosts are
   * @param deciding where tasks are decided about, each by an action of its own
   */
  Swarm(
      SchedulerConfig config,
      InstantSource clock,
      SeedClient seedClient,
      SchedulerMetrics metrics,
      HostRates rates,
      Executor deciding) {
    this.rates = rates;
    this.deciding = deciding;
    this.config = config;
    this.clock = clock;
    this.seeds = new SeedTrigger(seedClient);
    this.metrics = metrics;
  }

  synchronized void announce(Host host, Optional<Duration> interval) {
    Duration lifetime = interval.map(HostLifetime::of).orElse(config.hostLifetime());
    if (hosts.announce(host, clock.instant().plus(lifetime))) {
      log.info("host {} joined at {}:{}", host.getId(), host.getIp(), host.getPort());
      if (host.getType() != 0) {
        // Peers that wait may now be served by it.
        List.copyOf(tasks.values()).forEach(this::schedule);
      }
    }
  }

  synchronized List<Host> hosts(Optional<Integer> type) {
    expireHosts();
    return hosts.all().stream()
        .filter(host -> type.isEmpty() || host.getType() == type.get())
        .toList();
  }

  synchronized void removeHost(String hostId) {
    if (hosts.remove(hostId)) {
      log.info("host {} left", hostId);
      rates.forget(hostId);
    }
    for (SwarmTask task : List.copyOf(tasks.values())) {
      if (task.peers.removeHost(hostId)) {
        changed(task);
      }
    }
  }

  /** Registers a peer; false when its host never announced itself. */
  synchronized boolean register(
      String hostId, String taskId, String peerId, Download download, PeerStream stream) {
    Optional<Host> announced = hosts.get(hostId);
    if (announced.isEmpty()) {
      return false;
    }
    Host host = announced.get();
    if (forbidden(host, download)) {
      stream.refuse("LEVEL1 is forbidden");
      return true;
    }
    SwarmTask task = tasks.computeIfAbsent(taskId, SwarmTask::new);
    SwarmPeer peer = peer(peerId, host, download, stream);
    metrics.registered(host, download);
    task.peers.add(peer);
    if (download.hasActualContentLength() && download.getActualContentLength() == 0) {
      peer.become(PeerState.COMPLETE);
      task.peers.promote(peer);
      stream.taskIsEmpty();
    } else if (download.getMetadataOnly()) {
      peer.become(PeerState.COMPLETE);
      task.peers.promote(peer);
      stream.metadataOnly();
    }
    schedule(task);
    return true;
  }

  private SwarmPeer peer(String id, Host host, Download download, PeerStream stream) {
    return new SwarmPeer(
        id,
        host,
        download,
        stream,
        clock.instant(),
        rates.of(host.getId()),
        config.failedSeedRest());
  }

  /** A seed's own download is for others, whose priority it carries. */
  private static boolean forbidden(Host host, Download download) {
    return host.getType() == 0
        && !download.getMetadataOnly()
        && download.getPriority() == Priority.LEVEL1;
  }

  synchronized void pieceFinished(String taskId, String peerId, Piece piece) {
    SwarmTask task = tasks.get(taskId);
    SwarmPeer peer = task == null ? null : task.peers.get(peerId);
    if (task == null || peer == null) {
      return;
    }
    OptionalDouble rate = peer.got(piece, clock.instant());
    SwarmPeer standing = task.peers.standingFor(peer);
    if (standing != peer) {
      var _ = standing.got(piece, clock.instant());
    }
    SwarmPeer from = task.peers.get(piece.getParentId());
    if (from != null) {
      from.sent += piece.getLength();
      from.reliability.gavePiece();
      // A parent shares its link among its children; each shows only its part.
      rate.ifPresent(bytesPerSecond -> {
        double whole = bytesPerSecond * Math.max(1, task.childrenOf(from));
        peer.rate.measured(whole);
        from.rate.measured(whole);
      });
    }
    metrics.received(peer.host, peer.download, piece);
    if (standing.pieces() == 1) {
      schedule(task); // It has something to give now.
    }
  }

  synchronized void parentFailed(String taskId, String peerId, String parentId) {
    change(taskId, peerId, (task, peer) -> peer.block(List.of(parentId)));
  }

  synchronized void reschedule(String taskId, String peerId, List<String> givenUp) {
    change(
        taskId,
        peerId,
        (task, peer) -> {
          if (peer.parent() != null && peer.gotNothingFrom(peer.parent())) {
            doubt(task, peer.parent(), peer.host);
          }
          if (task.peers.standingFor(peer).state() == PeerState.COMPLETE) {
            task.peers.promote(peer); // What its host is said to have does not help it.
          }
          peer.abandonParent(clock.instant());
          peer.block(givenUp);
        });
  }

  private void doubt(SwarmTask task, String parentId, Host child) {
    SwarmPeer parent = task.peers.get(parentId);
    // A parent that has nothing yet promised nothing.
    if (parent == null || (parent.state() != PeerState.COMPLETE && parent.pieces() == 0)) {
      return;
    }
    if (parent.reliability.gaveNothing(child.getId(), clock.instant())) {
      log.warn("task {}: {} does not give what it said it has", task.id, parentId);
      if (parent.seed()) {
        task.rest(parent.host, clock.instant().plus(config.failedSeedRest()));
      }
    }
  }

  /** The peer went to the source by itself, as a daemon does when no parent came in time. */
  synchronized void wentToSource(String taskId, String peerId) {
    change(
        taskId,
        peerId,
        (task, peer) -> {
          peer.become(PeerState.SOURCE);
          PeerState standing = task.peers.standingFor(peer).state();
          if (standing == PeerState.WAITING || standing == PeerState.FED) {
            task.peers.promote(peer);
          }
        });
  }

  synchronized void finished(String taskId, String peerId) {
    change(
        taskId,
        peerId,
        (task, peer) -> {
          metrics.downloaded(Duration.between(peer.registered, clock.instant()));
          peer.become(PeerState.COMPLETE);
          if (peer.wantsPart()) {
            task.peers.remove(peer); // It has a part only.
          } else {
            task.peers.promote(peer);
          }
        });
  }

  /** The peer failed, or its stream broke before it was complete. */
  synchronized void left(String taskId, String peerId, PeerStream stream) {
    change(
        taskId,
        peerId,
        (task, peer) -> {
          // A finished peer's stream ends too; the peer stays, it serves others.
          if (peer.stream == stream && peer.state() != PeerState.COMPLETE) {
            task.peers.remove(peer);
          }
        });
  }

  synchronized void removePeer(String taskId, String peerId) {
    change(taskId, peerId, (task, peer) -> task.peers.remove(peer));
  }

  synchronized void removeTask(String hostId, String taskId) {
    SwarmTask task = tasks.get(taskId);
    if (task != null && task.peers.removeHost(hostId)) {
      changed(task);
    }
  }

  synchronized Optional<TaskView> view(String taskId) {
    return Optional.ofNullable(tasks.get(taskId))
        .map(task -> task.view(hosts.seeds(), clock.instant()));
  }

  synchronized List<String> taskIds() {
    return List.copyOf(tasks.keySet());
  }

  synchronized Optional<TaskTree> picture(String taskId) {
    return Optional.ofNullable(tasks.get(taskId)).map(SwarmTask::picture);
  }

  synchronized int hostCount() {
    return hosts.count();
  }

  synchronized long peerCount(PeerState state) {
    return tasks.values().stream()
        .flatMap(task -> task.peers.standing().stream())
        .filter(peer -> peer.state() == state)
        .count();
  }

  /** Forgets hosts that were silent too long, and asks again for tasks whose seeds have rested. */
  synchronized void tick() {
    expireHosts();
    List.copyOf(tasks.values()).forEach(this::schedule);
  }

  private void expireHosts() {
    List<String> silent = hosts.expired(clock.instant());
    if (silent.isEmpty()) {
      return;
    }
    Set<String> talking = talkingHosts();
    for (String host : silent) {
      if (!talking.contains(host)) {
        removeHost(host);
      }
    }
  }

  /** Hosts with a stream to us that is open: the connection shows that they live. */
  private Set<String> talkingHosts() {
    Set<String> talking = new HashSet<>();
    for (SwarmTask task : tasks.values()) {
      for (SwarmPeer peer : task.peers.all()) {
        if (peer.state() != PeerState.COMPLETE) {
          talking.add(peer.host.getId());
        }
      }
    }
    return talking;
  }

  private void change(String taskId, String peerId, BiConsumer<SwarmTask, SwarmPeer> change) {
    SwarmTask task = tasks.get(taskId);
    SwarmPeer peer = task == null ? null : task.peers.get(peerId);
    if (task != null && peer != null) {
      change.accept(task, peer);
      changed(task);
    }
  }

  private void changed(SwarmTask task) {
    if (task.peers.isEmpty()) {
      tasks.remove(task.id);
    } else {
      schedule(task);
    }
  }

  /** What changes until it is decided about the task is decided about together. */
  private void schedule(SwarmTask task) {
    if (!task.due && task.anyoneWaits()) {
      task.due = true;
      deciding.execute(() -> decide(task));
    }
  }

  private synchronized void decide(SwarmTask task) {
    task.due = false;
    if (!task.anyoneWaits()) {
      return;
    }
    long begin = System.nanoTime();
    List<Decision> decisions = ParentPolicy.decide(task.view(hosts.seeds(), clock.instant()));
    metrics.scheduled(System.nanoTime() - begin);
    for (Decision decision : decisions) {
      metrics.decided(decision);
      carryOut(task, decision);
    }
    if (task.peers.isEmpty()) {
      tasks.remove(task.id, task); // All who wanted it were refused.
    } else if (task.tellFollowers(clock.instant())) {
      schedule(task);
    }
  }

  private void carryOut(SwarmTask task, Decision decision) {
    switch (decision) {
      case Decision.Feed(String child, String parent) -> {
        SwarmPeer peer = present(task, child);
        peer.feedFrom(present(task, parent), task.id, clock.instant());
        log.debug("task {}: {} feeds {}", task.id, parent, child);
      }
      case Decision.ReadSource(String reader) -> {
        SwarmPeer peer = present(task, reader);
        peer.become(PeerState.SOURCE);
        peer.stream.readSource("nobody has it");
        log.info("task {}: {} reads the source", task.id, reader);
      }
      case Decision.AskSeed() -> askSeed(task);
      case Decision.Refuse(String refused) -> {
        SwarmPeer peer = present(task, refused);
        task.peers.remove(peer);
        if (peer.download.getPriority() == Priority.LEVEL2) {
          peer.stream.notFound("nobody has the task, and LEVEL2 brings none in");
        } else {
          peer.stream.refuse("nobody has the task and the peer may not read the source");
        }
      }
    }
  }

  private void askSeed(SwarmTask task) {
    Optional<Host> seed = task.nextSeed(hosts.seeds(), clock.instant());
    Optional<Download> download = task.downloadForSeed();
    if (seed.isEmpty() || download.isEmpty()) {
      return;
    }
    Host chosen = seed.get();
    task.asked(chosen);
    seeds.bring(
        chosen,
        task.id,
        download.get(),
        () -> registered(task.id, chosen),
        outcome -> seedEnded(task.id, chosen, download.get(), outcome));
  }

  private synchronized boolean registered(String taskId, Host seed) {
    SwarmTask task = tasks.get(taskId);
    return task == null || task.peers.hasHost(seed.getId()); // Nobody waits for what is gone.
  }

  private synchronized void seedEnded(
      String taskId, Host seed, Download download, SeedTrigger.Outcome outcome) {
    SwarmTask task = tasks.get(taskId);
    if (task == null) {
      return;
    }
    boolean failed = outcome == SeedTrigger.Outcome.FAILED;
    if (failed) {
      log.warn("task {}: seed {} failed", taskId, seed.getId());
    } else if (outcome == SeedTrigger.Outcome.HOLDS) {
      addHolder(task, seed, download);
    }
    task.seedEnded(seed, failed, clock.instant().plus(config.failedSeedRest()));
    schedule(task);
  }

  private void addHolder(SwarmTask task, Host seed, Download download) {
    if (task.peers.hasHost(seed.getId()) || hosts.get(seed.getId()).isEmpty()) {
      return; // It told us itself, or has left meanwhile.
    }
    log.info("task {}: seed {} has it", task.id, seed.getId());
    SwarmPeer holder =
        peer("%s-%s".formatted(seed.getId(), task.id), seed, download, new SilentStream());
    holder.become(PeerState.COMPLETE);
    task.peers.add(holder);
  }

  private static SwarmPeer present(SwarmTask task, String peerId) {
    SwarmPeer peer = task.peers.get(peerId);
    if (peer == null) {
      throw new IllegalStateException(
          "task %s: the policy named a peer that is not there: %s".formatted(task.id, peerId));
    }
    return peer;
  }
}
