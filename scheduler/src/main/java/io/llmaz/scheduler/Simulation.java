package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a file's way to many nodes in no time: the real {@link Swarm} and {@link ParentPolicy}, a
 * clock that jumps from event to event, and daemons and links that are only arithmetic.
 *
 * <p>What a daemon needs beside its link was taken once from eight measured runs ({@code fanout-*}
 * in docs/benchmarks.md) and is the same for every scenario. Each run of a scenario gives the same
 * result.
 */
public final class Simulation {
  /** What Ethernet, IP and TCP leave of a link's rate. */
  private static final double PAYLOAD = 0.95;

  /** From a node's command to its registration, and for each GiB of the file, which is reserved. */
  private static final double START_SECONDS = 0.45;

  private static final double RESERVE_SECONDS_PER_GIB = 1.1;

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

  private final Scenario scenario;
  private final Random random;
  private final SimulatedTime time = new SimulatedTime();
  private final SimulatedNetwork network;
  private final Map<String, SimulatedDaemon> daemons = new HashMap<>();
  private final Map<String, Runnable> seedsEnd = new HashMap<>();
  private final List<SimulatedDaemon> wanting = new ArrayList<>();
  private final SimulatedDaemon source;
  private final HostRates rates = new HostRates();
  private final Swarm swarm;
  private int fromSource;

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
            time,
            new Seeds(),
            new SchedulerMetrics(new SimpleMeterRegistry()),
            rates,
            Runnable::run);
    network = new SimulatedNetwork(time, random, scenario.pieces(), new Arrivals());
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
    time.at(1, this::tick);
    time.run();
    return outcome();
  }

  private SimulatedDaemon daemon(String name, int index, boolean seed, boolean slow) {
    String zone = scenario.zones() == 0 ? "" : "zone-" + index % scenario.zones();
    double rate = (slow ? scenario.slowBytes() : scenario.nodeBytes()) * PAYLOAD;
    SimulatedDaemon daemon =
        new SimulatedDaemon(
            name, zone, seed, rate, slow, d -> time.after(NOTICE_SECONDS / 10, () -> listen(d)));
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
    time.after(
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
      time.at(
          when,
          () -> {
            SimulatedDaemon victim = wanting.get(random.nextInt(wanting.size()));
            if (!dies) {
              victim.silent = true;
              network.rerate(victim);
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
      network.close(in);
    }
    swarm.left(TASK, victim.name, victim);
    for (SimulatedTransfer transfer : List.copyOf(victim.sending)) {
      network.close(transfer);
      time.after(NOTICE_SECONDS, () -> giveUp(transfer.to, victim));
    }
  }

  private void tick() {
    daemons.values().stream().filter(daemon -> daemon.alive).forEach(this::announce);
    swarm.tick();
    if (wanting.size() < scenario.nodes() || wanting.stream().anyMatch(this::unfinished)) {
      time.after(1, this::tick);
    } else {
      time.end();
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
      time.after(NOTICE_SECONDS, () -> giveUp(daemon, from));
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
    SimulatedTransfer transfer = network.connect(from, to, connections);
    if (from != source && !from.zone.equals(to.zone)) {
      network.entered(to.zone);
    }
    if (scenario.silent() > 0) {
      time.after(SILENCE_SECONDS, () -> watch(transfer));
    }
  }

  /** As a daemon whose parent says nothing for the time that it is set to. */
  private void watch(SimulatedTransfer transfer) {
    double silence = time.now() - transfer.lastPiece;
    if (transfer.closed) {
      return;
    }
    if (silence >= SILENCE_SECONDS - 1e-6) {
      network.close(transfer);
      giveUp(transfer.to, transfer.from);
    } else {
      time.after(SILENCE_SECONDS - silence, () -> watch(transfer));
    }
  }

  private static com.google.protobuf.Duration duration(double seconds) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds((long) seconds)
        .setNanos((int) (seconds % 1 * 1e9))
        .build();
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
        network.deepest(),
        network.mostEntries(),
        incomplete);
  }

  /** What daemons tell the scheduler of their transfers. */
  private final class Arrivals implements SimulatedNetwork.Listener {
    @Override
    public void piece(SimulatedTransfer transfer, int piece) {
      boolean bySource = transfer.from == source;
      if (bySource) {
        fromSource++;
      }
      swarm.pieceFinished(
          TASK,
          transfer.to.name,
          Piece.newBuilder()
              .setNumber(piece)
              .setLength(Scenario.PIECE)
              .setCost(duration(transfer.lastSeconds))
              .setParentId(transfer.from.name)
              .setTrafficType(bySource ? TrafficType.BACK_TO_SOURCE : TrafficType.REMOTE_PEER)
              .build());
    }

    @Override
    public void whole(SimulatedDaemon child) {
      child.whole = time.now();
      swarm.finished(TASK, child.name);
      seedsEnd.getOrDefault(child.name, () -> {}).run();
    }
  }

  /** The seeds behind their upload ports. */
  private final class Seeds implements SeedClient {
    @Override
    public void download(Host seed, Download download, Consumer<@Nullable Throwable> ended) {
      SimulatedDaemon daemon = Objects.requireNonNull(daemons.get(seed.getId()));
      time.after(
          NOTICE_SECONDS,
          () -> {
            seedsEnd.put(daemon.name, () -> ended.accept(null));
            swarm.register(
                daemon.name, TASK, daemon.name, Simulation.this.download().build(), daemon);
          });
    }

    @Override
    public void holds(Host seed, String taskId, Consumer<Boolean> answer) {
      answer.accept(false); // All of them speak to this scheduler.
    }

    @Override
    public void close() {}
  }
}
