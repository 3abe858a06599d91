package io.llmaz.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a task. A host has one copy of it, so one peer of each host stands for that copy,
 * and only it is decided about. The others of the host, such as the downloads of two Pods that
 * start together, follow it: they are told what it was told, and what they report is of the same
 * copy. Guarded by the swarm's lock.
 */
final class TaskPeers {
  private final Map<String, SwarmPeer> byId = new HashMap<>();

  /** One of each host, in the order in which they registered. */
  private final Map<String, SwarmPeer> byHost = new LinkedHashMap<>();

  private final List<SwarmPeer> followers = new ArrayList<>();

  /**
   * Adds one: it follows its host's, unless that one is done or there is none. Who registers once
   * more, as a daemon that repairs its copy does, takes the place of its former self.
   */
  void add(SwarmPeer peer) {
    SwarmPeer former = byId.get(peer.id);
    if (former != null) {
      remove(former);
    }
    byId.put(peer.id, peer);
    SwarmPeer first = byHost.get(peer.host.getId());
    if (first != null && first.state() == PeerState.COMPLETE) {
      remove(first);
      first = byHost.get(peer.host.getId());
    }
    if (first == null) {
      byHost.put(peer.host.getId(), peer);
    } else {
      followers.add(peer);
    }
  }

  /** Also one that follows; null when there is none. */
  @Nullable SwarmPeer get(@Nullable String id) {
    return id == null ? null : byId.get(id);
  }

  /** The one that stands for the copy of this peer's host. */
  SwarmPeer standingFor(SwarmPeer peer) {
    return Objects.requireNonNull(byHost.get(peer.host.getId()), peer.id);
  }

  /** Those that are decided about, in the order in which they registered. */
  Collection<SwarmPeer> standing() {
    return Collections.unmodifiableCollection(byHost.values());
  }

  /** Those that are decided about and those that follow them, in no order. */
  Collection<SwarmPeer> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  List<SwarmPeer> followers() {
    return Collections.unmodifiableList(followers);
  }

  /**
   * From now on this peer stands for its host's copy, and who did follows; one that is done goes.
   */
  void promote(SwarmPeer peer) {
    SwarmPeer before = standingFor(peer);
    if (before == peer) {
      return;
    }
    succeed(before, peer);
    if (before.state() == PeerState.COMPLETE) {
      byId.remove(before.id);
    } else {
      followers.add(before);
    }
  }

  private void succeed(SwarmPeer before, SwarmPeer next) {
    next.takesOver(before);
    followers.remove(next);
    byHost.put(next.host.getId(), next);
  }

  /** Removes one; when it stood for its host's copy, the first that followed it does now. */
  void remove(SwarmPeer peer) {
    byId.remove(peer.id);
    if (followers.remove(peer)) {
      return;
    }
    String hostId = peer.host.getId();
    followers.stream()
        .filter(follower -> follower.host.getId().equals(hostId))
        .findFirst()
        .ifPresentOrElse(next -> succeed(peer, next), () -> byHost.remove(hostId));
  }

  boolean hasHost(String hostId) {
    return byHost.containsKey(hostId);
  }

  /** Removes all of a host; false when there was none. */
  boolean removeHost(String hostId) {
    if (byHost.remove(hostId) == null) {
      return false;
    }
    followers.removeIf(peer -> peer.host.getId().equals(hostId));
    byId.values().removeIf(peer -> peer.host.getId().equals(hostId));
    return true;
  }

  boolean isEmpty() {
    return byHost.isEmpty();
  }
}
