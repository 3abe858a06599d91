package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Task;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A peer of a task. Guarded by the swarm's lock. */
final class SwarmPeer {
  final String id;
  final Host host;
  final Download download;
  final Set<String> blocked = new HashSet<>();
  PeerStream stream;
  PeerState state = PeerState.WAITING;
  @Nullable String parent;
  int pieces;

  SwarmPeer(String id, Host host, Download download, PeerStream stream) {
    this.id = id;
    this.host = host;
    this.download = download;
    this.stream = stream;
  }

  boolean seed() {
    return host.getType() != 0;
  }

  /** Gives up its parent; it waits for another. */
  void abandonParent() {
    if (parent != null) {
      blocked.add(parent);
      parent = null;
    }
    state = PeerState.WAITING;
  }

  void become(PeerState next) {
    state = next;
    if (next != PeerState.FED) {
      parent = null;
    }
  }

  PeerView view() {
    return new PeerView(
        id,
        host.getId(),
        seed(),
        state,
        Optional.ofNullable(parent),
        blocked,
        !download.getDisableBackToSource(),
        pieces);
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
