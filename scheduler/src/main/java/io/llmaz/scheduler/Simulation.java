package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a file's way to many nodes in no time: the real {@link Swarm} and {@link ParentPolicy}, a
 * clock that jumps from event to event, and daemons and links that are only arithmetic.
 *
 * <p>A sender's link is shared by its connections; a receiver's link, which has one sender, limits
 * them. What a daemon needs beside its link was taken once from eight measured runs ({@code
 * fanout-*} in docs/benchmarks.md) and is the same for every scenario. Each run of a scenario gives
 * the same result.
 */
public final class Simulation {
  /** What Ethernet, IP and TCP leave of a link's rate. */
  private static final double PAYLOAD = 0.95;

  /** From a node's command to its registration, and for each GiB of the file, which is reserved. */
  private static final double START_SECONDS = 0.45;

  private static final double RESERVE_SECONDS_PER_GIB = 1.1;

  /** From the scheduler's answer to the first look at the parent's pieces. */
  private static final double DIAL_SECONDS = 0.02;

  /** How often a parent that has no piece yet looks whether it has one. */
  private static final double LOOK_SECONDS = 0.1;

  /** For which a connection is idle between two pieces, at the most. */
  private static final double PIECE_SECONDS = 0.1;

  /** Until a daemon notices that its parent died, or hears that it has not got the file. */
  private static final double NOTICE_SECONDS = 0.05;

  /**
   * {@code collectedPieceTimeout} and {@code pieceTimeout} as docs/scheduler.md recommends them.
   */
  private static final double SILENCE_SECONDS = 10;

  private static final int SOURCE_CONNECTIONS = 8;

  /** A daemon goes to the source after so many answers (dfdaemon's maxScheduleCount). */
  private static final int MOST_ANSWERS = 5;

  private static final String TASK = "task";
  private static final double END = 1e6;

  private final Scenario scenario;
  private final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<String, SimulatedDaemon> daemons = new HashMap<>();
  private final Map<String, Integer> entries = new HashMap<>();
  private final Map<String, Runnable> seedsEnd = new HashMap<>();
  private final List<SimulatedDaemon> wanting = new ArrayList<>();
  private final SimulatedDaemon source;
  private final HostRates rates = new HostRates();
  private final Swarm swarm;
  private double now;
  private long order;
  private int deepest;
  private int fromSource;

  private record Event(double at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private Simulation(Scenario scenario) {
    this.scenario = scenario;
    random = new Random(scenario.chance());
    source =
        new SimulatedDaemon("source", "", false, scenario.sourceBytes() * PAYLOAD, false, d -> {});
    for (int piece = 0; piece < scenario.pieces(); piece++) {
      source.has(piece);
    }
    swarm =
        new Swarm(
            SchedulerConfig.at(new InetSocketAddress(0)),
            () -> Instant.EPOCH.plus(Duration.ofNanos((long) (now * 1e9))),
            new Seeds(),
            new SchedulerMetrics(new SimpleMeterRegistry()),
            rates);
  }

  /** Plays a scenario to its end. */
  public static SimulationOutcome run(Scenario scenario) {
    return new Simulation(scenario).play();
  }

  private SimulationOutcome play() {
    for (int i = 0; i < scenario.seeds(); i++) {
      holder(daemon("seed-" + i, i, true, false));
    }
    for (int i = 0; i < scenario.holders(); i++) {
      holder(daemon("holder-" + i, i, false, false));
    }
    List<Boolean> slow = new ArrayList<>();
    for (int i = 0; i < scenario.nodes(); i++) {
      slow.add(i < scenario.slowNodes());
    }
    Collections.shuffle(slow, random);
    for (int i = 0; i < scenario.nodes(); i++) {
      join("node-" + i, i, slow.get(i), scenario.seconds() * i / scenario.nodes());
    }
    leaveAndFallSilent();
    at(1, this::tick);
    while (!events.isEmpty() && now < END) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
    return outcome();
  }

  private SimulatedDaemon daemon(String name, int index, boolean seed, boolean slow) {
    String zone = scenario.zones() == 0 ? "" : "zone-" + index % scenario.zones();
    double rate = (slow ? scenario.slowBytes() : scenario.nodeBytes()) * PAYLOAD;
    SimulatedDaemon daemon =
        new SimulatedDaemon(
            name, zone, seed, rate, slow, d -> after(NOTICE_SECONDS / 10, () -> listen(d)));
    daemons.put(name, daemon);
    if (scenario.known()) {
      rates.of(name).measured(rate);
    }
    announce(daemon);
    return daemon;
  }

  private void announce(SimulatedDaemon daemon) {
    swarm.announce(daemon.host(), Optional.of(Duration.ofSeconds(10)));
  }

  private void holder(SimulatedDaemon daemon) {
    if (!scenario.cold()) {
      source.told.forEach(daemon::has);
      daemon.whole = 0;
      swarm.register(
          daemon.name, TASK, daemon.name, download().setMetadataOnly(true).build(), daemon);
    }
  }

  private void join(String name, int index, boolean slow, double when) {
    double reserving = RESERVE_SECONDS_PER_GIB * scenario.mebibytes() / 1024;
    after(
        when + START_SECONDS + reserving + random.nextDouble() * 0.05,
        () -> {
          SimulatedDaemon daemon = daemon(name, index, false, slow);
          wanting.add(daemon);
          swarm.register(name, TASK, name, download().build(), daemon);
        });
  }

  private Download.Builder download() {
    return Download.newBuilder()
        .setUrl("http://source/file")
        .setConcurrentPieceCount(scenario.inFlight())
        .setActualPieceCount(scenario.pieces());
  }

  private void leaveAndFallSilent() {
    int dying = (int) Math.round(scenario.leaving() * scenario.nodes());
    int falling = (int) Math.round(scenario.silent() * scenario.nodes());
    double begin = scenario.seconds() + START_SECONDS + 1;
    for (int i = 0; i < dying + falling; i++) {
      boolean dies = i < dying;
      double when = begin + random.nextDouble() * scenario.bound();
      at(
          when,
          () -> {
            SimulatedDaemon victim = wanting.get(random.nextInt(wanting.size()));
            if (!dies) {
              victim.silent = true;
              rerate(victim);
            } else if (victim.alive) {
              die(victim);
            }
          });
      if (dies) {
        join("later-" + i, i, false, when);
      }
    }
  }

  private void die(SimulatedDaemon victim) {
    victim.alive = false;
    SimulatedTransfer in = victim.receiving;
    if (in != null) {
      close(in);
    }
    swarm.left(TASK, victim.name, victim);
    for (SimulatedTransfer transfer : List.copyOf(victim.sending)) {
      close(transfer);
      after(NOTICE_SECONDS, () -> giveUp(transfer.to, victim));
    }
  }

  private void tick() {
    daemons.values().stream().filter(daemon -> daemon.alive).forEach(this::announce);
    swarm.tick();
    if (wanting.size() < scenario.nodes() || wanting.stream().anyMatch(this::unfinished)) {
      after(1, this::tick);
    } else {
      events.clear();
    }
  }

  private boolean unfinished(SimulatedDaemon daemon) {
    return daemon.alive && daemon.whole < 0;
  }

  private void listen(SimulatedDaemon daemon) {
    if (!daemon.alive || daemon.receiving != null || daemon.whole >= 0) {
      return;
    }
    if (daemon.answers == MOST_ANSWERS) {
      swarm.wentToSource(TASK, daemon.name);
      connect(source, daemon, SOURCE_CONNECTIONS);
      return;
    }
    Optional<Peer> answer = daemon.listen();
    if (answer == null) {
      return;
    }
    SimulatedDaemon from = answer.map(peer -> daemons.get(peer.getId())).orElse(source);
    if (!from.alive) {
      after(NOTICE_SECONDS, () -> giveUp(daemon, from));
    } else {
      connect(from, daemon, from == source ? SOURCE_CONNECTIONS : scenario.inFlight());
    }
  }

  private void giveUp(SimulatedDaemon daemon, SimulatedDaemon parent) {
    if (daemon.alive) {
      swarm.reschedule(TASK, daemon.name, List.of(parent.name));
      listen(daemon);
    }
  }

  private void connect(SimulatedDaemon from, SimulatedDaemon to, int connections) {

    SimulatedTransfer transfer = new SimulatedTransfer(from, to, connections, now);
    to.receiving = transfer;
    from.sending.add(transfer);
    deepest = Math.max(deepest, depth(to));
    if (from != source && !from.zone.equals(to.zone)) {
      entries.merge(to.zone, 1, Integer::sum);
    }
    after(DIAL_SECONDS, () -> look(transfer));
    if (scenario.silent() > 0) {
      after(SILENCE_SECONDS, () -> watch(transfer));
    }
  }

  private void look(SimulatedTransfer transfer) {
    if (transfer.from.told.isEmpty() && !transfer.closed) {
      after(LOOK_SECONDS, () -> look(transfer));
      return;
    }
    transfer.looking = true;
    transfer.from.told.stream()
        .filter(piece -> !transfer.to.pieces.get(piece))
        .forEach(transfer::offer);
    fill(transfer);
  }

  private int depth(SimulatedDaemon daemon) {
    int depth = 0;
    for (SimulatedTransfer at = daemon.receiving; at != null; at = at.from.receiving) {
      depth++;
      if (depth > daemons.size()) {
        throw new IllegalStateException("a cycle through " + daemon.name);
      }
    }
    return depth;
  }

  /** As a daemon whose parent says nothing for the time that it is set to. */
  private void watch(SimulatedTransfer transfer) {
    double silence = now - transfer.lastPiece;
    if (transfer.closed) {
      return;
    }
    if (silence >= SILENCE_SECONDS - 1e-6) {
      close(transfer);
      giveUp(transfer.to, transfer.from);
    } else {
      after(SILENCE_SECONDS - silence, () -> watch(transfer));
    }
  }

  private void fill(SimulatedTransfer transfer) {
    if (transfer.start(now, random.nextDouble())) {
      rerate(transfer.from);
    }
  }

  /** Shares a sender's link anew: a connection each, and nobody more than its own link takes. */
  private void rerate(SimulatedDaemon sender) {
    double left = sender.silent ? 1e-9 : sender.bytesPerSecond;
    List<SimulatedTransfer> open =
        new ArrayList<>(sender.sending.stream().filter(transfer -> transfer.active() > 0).toList());
    open.sort((a, b) ->
        Double.compare(a.to.bytesPerSecond / a.active(), b.to.bytesPerSecond / b.active()));
    int connections = open.stream().mapToInt(SimulatedTransfer::active).sum();
    for (SimulatedTransfer transfer : open) {
      double share =
          Math.min(transfer.to.bytesPerSecond, left * transfer.active() / Math.max(1, connections));
      left -= share;
      connections -= transfer.active();
      transfer.rate(now, share);
      int change = transfer.changes;
      double end = now + transfer.untilNext();
      if (end < END) {
        at(
            end,
            () -> {
              if (change == transfer.changes && !transfer.closed) {
                pieceIsWhole(transfer);
              }
            });
      }
    }
  }

  private void pieceIsWhole(SimulatedTransfer transfer) {
    SimulatedDaemon to = transfer.to;
    int piece = transfer.take(now);
    transfer.pausing++;
    if (transfer.from == source) {
      fromSource++;
    }
    to.has(piece);
    swarm.pieceFinished(
        TASK,
        to.name,
        Piece.newBuilder()
            .setNumber(piece)
            .setLength(Scenario.PIECE)
            .setCost(duration(transfer.lastSeconds))
            .setParentId(transfer.from.name)
            .setTrafficType(
                transfer.from == source ? TrafficType.BACK_TO_SOURCE : TrafficType.REMOTE_PEER)
            .build());
    for (SimulatedTransfer next : List.copyOf(to.sending)) {
      if (next.looking && !next.to.pieces.get(piece)) {
        next.offer(piece);
        fill(next);
      }
    }
    if (to.pieces.cardinality() == scenario.pieces()) {
      close(transfer);
      to.whole = now;
      swarm.finished(TASK, to.name);
      seedsEnd.getOrDefault(to.name, () -> {}).run();
    } else {
      rerate(transfer.from);
      after(
          random.nextDouble() * PIECE_SECONDS,
          () -> {
            transfer.pausing--;
            fill(transfer);
          });
    }
  }

  private static com.google.protobuf.Duration duration(double seconds) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds((long) seconds)
        .setNanos((int) (seconds % 1 * 1e9))
        .build();
  }

  private void close(SimulatedTransfer transfer) {
    transfer.closed = true;
    transfer.changes++;
    transfer.to.receiving = null;
    transfer.from.sending.remove(transfer);
    rerate(transfer.from);
  }

  private SimulationOutcome outcome() {
    double first = Double.POSITIVE_INFINITY;
    double last = 0;
    double slowest = 0;
    int incomplete = 0;
    for (SimulatedDaemon daemon : wanting) {
      if (unfinished(daemon)) {
        incomplete++;
      } else if (daemon.alive && daemon.slow) {
        slowest = Math.max(slowest, daemon.whole);
      } else if (daemon.alive) {
        first = Math.min(first, daemon.whole);
        last = Math.max(last, daemon.whole);
      }
    }
    return new SimulationOutcome(
        first,
        last,
        scenario.bound(),
        slowest,
        fromSource / (double) scenario.pieces(),
        deepest,
        entries.values().stream().mapToInt(Integer::intValue).max().orElse(0),
        incomplete);
  }

  private void after(double seconds, Runnable action) {
    at(now + seconds, action);
  }

  private void at(double when, Runnable action) {
    events.add(new Event(when, order++, action));
  }

  /** The seeds behind their upload ports. */
  private final class Seeds implements SeedClient {
    @Override
    public void download(Host seed, Download download, Consumer<@Nullable Throwable> ended) {
      SimulatedDaemon daemon = Objects.requireNonNull(daemons.get(seed.getId()));
      after(
          NOTICE_SECONDS,
          () -> {
            seedsEnd.put(daemon.name, () -> ended.accept(null));
            swarm.register(
                daemon.name, TASK, daemon.name, Simulation.this.download().build(), daemon);
          });
    }

    @Override
    public void close() {}
  }
}
