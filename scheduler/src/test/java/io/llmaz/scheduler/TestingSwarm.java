package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.Priority;
import io.llmaz.dragonfly.api.common.Range;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A swarm with a clock that the test moves and peers that say what the test wants; one task. */
final class TestingSwarm {
  private static final String TASK = "task";
  private static final int PIECE = 4 << 20;

  final List<String> askedSeeds = new ArrayList<>();

  final List<String> askedAddresses = new ArrayList<>();

  /** Seeds that have the file on their disks. */
  final Set<String> holders = new HashSet<>();

  private final Map<String, Consumer<@Nullable Throwable>> seedsEnd = new HashMap<>();
  private final Map<String, TestingStream> streams = new HashMap<>();
  private final HostRates rates = new HostRates();
  private Instant now = Instant.EPOCH;
  private final Swarm swarm;

  /** One that decides within each call. */
  TestingSwarm() {
    this(Runnable::run);
  }

  TestingSwarm(Executor deciding) {
    swarm =
        new Swarm(
            SchedulerConfig.at(new InetSocketAddress(0)),
            () -> now,
            new SeedClient() {
              @Override
              public void download(
                  Host seed, Download download, Consumer<@Nullable Throwable> ended) {
                askedSeeds.add(seed.getId());
                askedAddresses.add(download.getUrl());
                seedsEnd.put(seed.getId(), ended);
              }

              @Override
              public void holds(Host seed, String taskId, Consumer<Boolean> answer) {
                answer.accept(holders.contains(seed.getId()));
              }

              @Override
              public void close() {}
            },
            new SchedulerMetrics(new SimpleMeterRegistry()),
            rates,
            deciding);
  }

  TestingSwarm announceSeed(String host) {
    swarm.announce(
        Host.newBuilder().setId(host).setType(1).setIp(host).setPort(1).build(), Optional.empty());
    return this;
  }

  /** A host says that it will announce itself again after this time. */
  TestingSwarm announceEvery(Duration interval, String host) {
    swarm.announce(Host.newBuilder().setId(host).build(), Optional.of(interval));
    return this;
  }

  /** A seed that was asked for the file gives it up. */
  TestingSwarm seedFails(String seed) {
    Objects.requireNonNull(seedsEnd.remove(seed), seed)
        .accept(new IllegalStateException("a seed's failure"));
    return this;
  }

  /** A seed that was asked for the file says that it is done. */
  TestingSwarm seedEnds(String seed) {
    Objects.requireNonNull(seedsEnd.remove(seed), seed).accept(null);
    return this;
  }

  /** A peer that wants the file, on a host of the same name. */
  TestingSwarm register(String peer) {
    return register(peer, Download.newBuilder().setActualPieceCount(64).build());
  }

  /** Another peer that wants the file on a host that has one. */
  TestingSwarm registerBeside(String host, String peer) {
    return register(host, peer, Download.newBuilder().setActualPieceCount(64).build());
  }

  TestingSwarm registerBesideWithoutSource(String host, String peer) {
    return register(
        host,
        peer,
        Download.newBuilder().setActualPieceCount(64).setDisableBackToSource(true).build());
  }

  /** A peer that wants what is at this address. */
  TestingSwarm registerFor(String address, boolean fromPeersOnly, String peer) {
    return register(
        peer,
        Download.newBuilder()
            .setUrl(address)
            .setActualPieceCount(64)
            .setDisableBackToSource(fromPeersOnly)
            .build());
  }

  /** A peer of an application of this priority. */
  TestingSwarm register(String peer, Priority priority) {
    return register(
        peer, Download.newBuilder().setActualPieceCount(64).setPriority(priority).build());
  }

  /** A peer that wants so many of the file's 64 bytes, from the first one on. */
  TestingSwarm registerForARange(String peer, long length) {
    return register(
        peer,
        Download.newBuilder()
            .setActualPieceCount(64)
            .setActualContentLength(64)
            .setRange(Range.newBuilder().setLength(length))
            .build());
  }

  /** A peer that says it has the file. */
  TestingSwarm holds(String peer) {
    return register(peer, Download.newBuilder().setMetadataOnly(true).build());
  }

  private TestingSwarm register(String peer, Download download) {
    if (!askedSeeds.contains(peer)) {
      swarm.announce(Host.newBuilder().setId(peer).build(), Optional.empty());
    }
    return register(peer, peer, download);
  }

  private TestingSwarm register(String host, String peer, Download download) {
    TestingStream stream = new TestingStream();
    streams.put(peer, stream);
    swarm.register(host, TASK, peer, download, stream);
    return this;
  }

  TestingSwarm piece(String peer, String parent) {
    return piece(peer, parent, Duration.ofMillis(100));
  }

  /** A piece that took so long, which passes. */
  TestingSwarm piece(String peer, String parent, Duration took) {
    now = now.plus(took);
    swarm.pieceFinished(
        TASK,
        peer,
        Piece.newBuilder()
            .setLength(PIECE)
            .setParentId(parent)
            .setCost(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(took.getSeconds())
                    .setNanos(took.getNano()))
            .build());
    return this;
  }

  TestingSwarm givesUp(String peer, String parent) {
    swarm.reschedule(TASK, peer, List.of(parent));
    return this;
  }

  TestingSwarm leaves(String peer) {
    swarm.left(TASK, peer, Objects.requireNonNull(streams.get(peer), peer));
    return this;
  }

  TestingSwarm finishes(String peer) {
    swarm.finished(TASK, peer);
    return this;
  }

  TestingSwarm passes(Duration time) {
    now = now.plus(time);
    swarm.tick();
    return this;
  }

  /** Whether anything is kept of the file. */
  boolean knowsTheFile() {
    return !swarm.taskIds().isEmpty();
  }

  /** All that it was told since it registered. */
  List<String> heard(String peer) {
    return Objects.requireNonNull(streams.get(peer), peer).heard;
  }

  long rate(String host) {
    return rates.of(host).bytesPerSecond();
  }
}
