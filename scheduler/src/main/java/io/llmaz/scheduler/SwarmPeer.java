package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.Range;
import io.llmaz.dragonfly.api.common.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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
  final PeerStream stream;
  final Instant registered;
  final Reliability reliability;
  final HostRates.Rate rate;
  private final Set<String> blocked = new HashSet<>();
  private PeerState state = PeerState.WAITING;
  private @Nullable String parent;
  private int pieces;
  private TransferMeter meter = new TransferMeter();

  /**
   * When a while without a piece is a standstill: some time after it got its parent, or a piece.
   */
  private Instant standsStillFrom;

  private Instant startsOverFrom = Instant.EPOCH;
  private Instant impatientFrom;
  private boolean gotFromParent;

  /**
   * What the policy saw of it last. Most peers of a task are the same from one decision to the
   * next.
   */
  private @Nullable PeerView view;

  /** Bytes that it said it got, and that others said they got from it. */
  long received;

  long sent;

  SwarmPeer(
      String id,
      Host host,
      Download download,
      PeerStream stream,
      Instant registered,
      HostRates.Rate rate,
      Duration shunnedFor) {
    this.id = id;
    this.host = host;
    this.download = download;
    this.stream = stream;
    this.registered = registered;
    this.rate = rate;
    standsStillFrom = registered.plus(STALL);
    impatientFrom = registered.plus(PATIENCE);
    reliability = new Reliability(shunnedFor);
  }

  /**
   * Whether it wants a part of the file, of which it cannot feed others. A range of everything is
   * no part: so asks who reads through a daemon's proxy and could resume.
   */
  boolean wantsPart() {
    Range range = download.getRange();
    return download.hasRange()
        && (range.getStart() > 0
            || !download.hasActualContentLength()
            || range.getLength() < download.getActualContentLength());
  }

  boolean seed() {
    return host.getType() != 0;
  }

  PeerState state() {
    return state;
  }

  /** Id of the peer that feeds it. */
  @Nullable String parent() {
    return parent;
  }

  int pieces() {
    return pieces;
  }

  /** It is not sent to these while it can have others. */
  void block(Collection<String> parents) {
    blocked.addAll(parents);
    view = null;
  }

  boolean gaveUp(SwarmPeer other) {
    return blocked.contains(other.id);
  }

  /** It stands for the copy of its host from now on, for which the other stood. */
  void takesOver(SwarmPeer other) {
    pieces = Math.max(pieces, other.pieces);
    view = null;
  }

  void feedFrom(SwarmPeer next, String task, Instant now) {
    state = PeerState.FED;
    parent = next.id;
    view = null;
    standsStillFrom = now.plus(STALL);
    gotFromParent = false;
    meter = new TransferMeter();
    stream.feedFrom(next.describe(task));
  }

  /** It got a piece; the rate of its transfer when that is known now. */
  OptionalDouble got(Piece piece, Instant now) {
    pieces++;
    view = null;
    received += piece.getLength();
    standsStillFrom = now.plus(STALL);
    gotFromParent |= piece.getParentId().equals(parent);
    Duration took = Duration.ofSeconds(piece.getCost().getSeconds(), piece.getCost().getNanos());
    return meter.piece(piece.getLength(), took, now);
  }

  /** Whether it has got nothing from this parent. */
  boolean gotNothingFrom(String parentId) {
    return parentId.equals(parent) && !gotFromParent;
  }

  /** Whether it has got nothing for a while although it has a parent. */
  boolean standsStill(Instant now) {
    return state == PeerState.FED && now.isAfter(standsStillFrom);
  }

  boolean hasMoreThan(SwarmPeer other) {
    return state == PeerState.COMPLETE || pieces > other.pieces;
  }

  /** Gives up its parent; it waits for another. */
  void abandonParent(Instant now) {
    if (parent != null) {
      blocked.add(parent);
      parent = null;
    }
    state = PeerState.WAITING;
    view = null;
    startsOverFrom = now.plus(REST);
    impatientFrom = now.plus(PATIENCE);
  }

  void become(PeerState next) {
    state = next;
    view = null;
    if (next != PeerState.FED) {
      parent = null;
    }
  }

  PeerView view(Instant now, boolean stalled) {
    boolean mayStartOver = now.isAfter(startsOverFrom);
    Conduct conduct =
        new Conduct(
            rate.bytesPerSecond(),
            wantsPart() || reliability.shunned(now),
            stalled,
            state == PeerState.WAITING && now.isAfter(impatientFrom));
    PeerView last = view;
    if (last != null && last.mayStartOver() == mayStartOver && last.conduct().equals(conduct)) {
      return last;
    }
    PeerView seen =
        new PeerView(
            id,
            host.getId(),
            host.getNetwork().getIdc(),
            seed(),
            state,
            Optional.ofNullable(parent),
            blocked,
            mayStartOver,
            SourceUse.of(download, seed()),
            pieces,
            conduct);
    view = seen;
    return seen;
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
