package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A peer of a task. Guarded by the swarm's lock. */
final class SwarmPeer {
  /**
   * A peer that gave up all its parents rests before it is sent to one of them again: a daemon
   * takes five answers for a download, and a parent that died is known to be dead by then.
   */
  private static final Duration REST = Duration.ofSeconds(1);

  final String id;
  final Host host;
  final Download download;
  final Set<String> blocked = new HashSet<>();
  PeerStream stream;
  PeerState state = PeerState.WAITING;
  @Nullable String parent;
  int pieces;
  final Instant registered;
  private Instant gaveUp = Instant.EPOCH;

  /** Bytes that it said it got, and that others said they got from it. */
  long received;

  long sent;

  SwarmPeer(String id, Host host, Download download, PeerStream stream, Instant registered) {
    this.id = id;
    this.host = host;
    this.download = download;
    this.stream = stream;
    this.registered = registered;
  }

  boolean seed() {
    return host.getType() != 0;
  }

  /** Gives up its parent; it waits for another. */
  void abandonParent(Instant now) {
    if (parent != null) {
      blocked.add(parent);
      parent = null;
    }
    state = PeerState.WAITING;
    gaveUp = now;
  }

  void become(PeerState next) {
    state = next;
    if (next != PeerState.FED) {
      parent = null;
    }
  }

  PeerView view(Instant now) {
    return new PeerView(
        id,
        host.getId(),
        host.getNetwork().getIdc(),
        seed(),
        state,
        Optional.ofNullable(parent),
        blocked,
        now.isAfter(gaveUp.plus(REST)),
        !download.getDisableBackToSource(),
        pieces);
  }

  TaskTree.Peer picture() {
    return new TaskTree.Peer(
        id,
        "%s (%s)".formatted(host.getHostname(), host.getIp()),
        seed(),
        state,
        Optional.ofNullable(parent),
        pieces,
        received,
        sent);
  }

  /** As a candidate parent is described to a child. */
  Peer describe(String taskId) {
    return Peer.newBuilder()
        .setId(id)
        .setHost(host)
        .setTask(Task.newBuilder().setId(taskId).setUrl(download.getUrl()))
        .setPriority(download.getPriority())
        .setState(state == PeerState.COMPLETE ? "Succeeded" : "Running")
        .build();
  }
}
