package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A peer of a task. Guarded by the swarm's lock. */
final class SwarmPeer {
  /**
   * A peer that gave up all its parents rests before it is sent to one of them again: a daemon
   * takes five answers for a download, and a parent that died is known to be dead by then.
   */
  private static final Duration REST = Duration.ofSeconds(1);

  /**
   * Longer than a dead daemon's stream lives, so that a stalled one is there and does not get on.
   */
  private static final Duration STALL = Duration.ofSeconds(15);

  /** A daemon that gets no answer goes to the source by itself, after a minute or more. */
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  final String id;
  final Host host;
  final Download download;
  final Set<String> blocked = new HashSet<>();
  PeerStream stream;
  PeerState state = PeerState.WAITING;
  @Nullable String parent;
  int pieces;
  final Instant registered;
  final Reliability reliability;
  private TransferMeter meter = new TransferMeter();
  private Instant gaveUp = Instant.EPOCH;

  /** When it got its parent, or a piece. */
  private Instant progressed;

  private boolean gotFromParent;

  /** Bytes that it said it got, and that others said they got from it. */
  long received;

  long sent;

  SwarmPeer(
      String id,
      Host host,
      Download download,
      PeerStream stream,
      Instant registered,
      Duration shunnedFor) {
    this.id = id;
    this.host = host;
    this.download = download;
    this.stream = stream;
    this.registered = registered;
    progressed = registered;
    reliability = new Reliability(shunnedFor);
  }

  boolean seed() {
    return host.getType() != 0;
  }

  void feedFrom(SwarmPeer next, String task, Instant now) {
    state = PeerState.FED;
    parent = next.id;
    progressed = now;
    gotFromParent = false;
    meter = new TransferMeter();
    stream.feedFrom(next.describe(task));
  }

  /** It got a piece; the rate of its transfer when that is known now. */
  OptionalDouble got(Piece piece, Instant now) {
    pieces++;
    received += piece.getLength();
    progressed = now;
    gotFromParent |= piece.getParentId().equals(parent);
    Duration took = Duration.ofSeconds(piece.getCost().getSeconds(), piece.getCost().getNanos());
    return meter.piece(piece.getLength(), took, now);
  }

  /** Whether it has got nothing from this parent. */
  boolean gotNothingFrom(String parentId) {
    return parentId.equals(parent) && !gotFromParent;
  }

  /** Whether it stands still although its parent has what it lacks. */
  boolean stalled(SwarmPeer feeding, Instant now) {
    return state == PeerState.FED
        && (feeding.state == PeerState.COMPLETE || feeding.pieces > pieces)
        && now.isAfter(progressed.plus(STALL));
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

  PeerView view(Instant now, long rate, boolean stalled) {
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
        pieces,
        conduct(now, rate, stalled));
  }

  private Conduct conduct(Instant now, long rate, boolean stalled) {
    Instant since = gaveUp.isAfter(registered) ? gaveUp : registered;
    return new Conduct(
        rate,
        download.hasRange() || reliability.shunned(now),
        stalled,
        state == PeerState.WAITING && now.isAfter(since.plus(PATIENCE)));
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
