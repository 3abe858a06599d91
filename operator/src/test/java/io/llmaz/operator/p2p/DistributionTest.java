package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.RetryPolicy;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The p2ptask-controller's work against a hand-made gateway and engine. */
final class DistributionTest {
  private static final Manifest MANIFEST =
      new Manifest(
          "hf://a/b",
          "commit",
          List.of(file("small", 10), file("large", 1000), file("middle", 100), file("empty", 0)));

  private final TestingGateway gateway = new TestingGateway();
  private final TestingEngine engine = new TestingEngine();
  private final TestingManifests manifests = new TestingManifests();
  private final Pauses pauses =
      new Pauses(
          new Random(1),
          new RetryPolicy(
              Integer.MAX_VALUE, Duration.ofMillis(2), Duration.ofSeconds(15), Duration.ZERO),
          Duration.ofMillis(1));
  private Thread thread = Thread.ofVirtual().unstarted(() -> {});

  @AfterEach
  void stop() {
    thread.interrupt();
  }

  @Test
  void run_resolvedModel_asksTheEngineForEachFileLargestFirst() {
    Distribution distribution = run(8, 1 << 20);

    awaitDone(distribution);
    assertThat(engine.asked)
        .extracting(task -> task.url().getPath())
        .containsExactly("/large", "/middle", "/small");
    // A seed that lost the file must not be answered with what seeds have.
    assertThat(engine.asked).allSatisfy(asked -> assertThat(asked.url()).hasQuery("from=gateway"));
    assertThat(engine.asked.getFirst().contentKey()).isEqualTo(file("large", 1000).contentKey());
    assertThat(distribution.snapshot().bytes()).isEqualTo(1110);
    assertThat(manifests.stored).containsExactly(MANIFEST);
  }

  @Test
  void run_largeFileOnASeed_isWrittenDownWithItsSeed() {
    engine.seed = Optional.of(new SeedAddress("10.0.0.3", 4000));
    gateway.manifest =
        new Manifest("hf://a/b", "commit", List.of(file("small", 10), file("large", 5 << 20)));

    awaitDone(run(8, 1 << 30));

    assertThat(manifests.holdings)
        .containsExactly(new SeedHoldings(Map.of("large", "10.0.0.3:4000")));
  }

  @Test
  void run_engineThatNamesNoSeed_writesNoneDown() {
    awaitDone(run(8, 1 << 20));

    assertThat(manifests.holdings).isEmpty();
  }

  @Test
  void run_boundedToOneFile_startsTheNextWhenOneIsDone() {
    engine.hold = true;
    run(1, 1 << 20);

    Awaitility.await().until(() -> engine.asked.size() == 1);
    engine.finishAll();
    Awaitility.await().until(() -> engine.asked.size() == 2);

    assertThat(engine.asked).hasSize(2);
  }

  @Test
  void run_engineAway_saysSoAndGoesOnTrying() {
    engine.failures.set(2);

    Distribution distribution = run(8, 1 << 20);

    awaitDone(distribution);
    assertThat(engine.calls.get()).isGreaterThan(3);
    assertThat(distribution.snapshot().trouble()).isEmpty();
  }

  @Test
  void run_seedBackWhilePodsReadTheSource_asksItWhenTheyAreDone() {
    engine.failures.set(1);
    Queue<Long> looks = new ConcurrentLinkedQueue<>(List.of(100L, 400L, 900L, 900L));
    List<Integer> askedAtLook = new CopyOnWriteArrayList<>();
    gateway.originBytes =
        () -> {
          askedAtLook.add(engine.asked.size());
          return Optional.ofNullable(looks.poll()).orElse(1110L);
        };

    awaitDone(run(8, 1 << 20));

    assertThat(askedAtLook).startsWith(0, 0, 0, 0);
    assertThat(engine.asked).hasSize(3);
  }

  @Test
  void run_engineThatTellsNoBytes_countsAFileWhenItIsThereAndNotBefore() {
    engine.hold = true;
    engine.progress = Progress.UNKNOWN;
    Distribution distribution = run(8, 1 << 20);
    Awaitility.await().until(() -> engine.held.size() == 3);

    engine.listeners.forEach(
        listener -> listener.accept(new Progress("0".repeat(64), Progress.UNKNOWN, 0, 0)));

    assertThat(distribution.snapshot().bytes()).isZero();
    assertThat(distribution.snapshot().files()).isZero();
    engine.finish(0);
    Awaitility.await().until(() -> distribution.snapshot().bytes() == 1000);
    assertThat(distribution.snapshot().files()).isEqualTo(1);
    assertThat(distribution.snapshot().phase()).isEqualTo(Snapshot.Phase.DISTRIBUTING);
    engine.finishAll();
    awaitDone(distribution);
    assertThat(distribution.snapshot().bytes()).isEqualTo(1110);
  }

  @Test
  void run_progressThatComesWithTheEnd_doesNotUndoIt() throws InterruptedException {
    engine.hold = true;
    Distribution distribution = run(8, 1 << 20);
    Awaitility.await().until(() -> engine.held.size() == 3);
    List<Thread> late = new CopyOnWriteArrayList<>();
    gateway.originBytes =
        () -> {
          Thread teller =
              Thread.ofPlatform()
                  .start(() ->
                      engine
                          .listeners
                          .getFirst()
                          .accept(new Progress("0".repeat(64), 1000, 1000, 1)));
          late.add(teller);
          Awaitility.await()
              .until(() ->
                  teller.getState() == Thread.State.BLOCKED
                      || teller.getState() == Thread.State.TERMINATED);
          return 1110;
        };
    engine.finishAll();

    Awaitility.await().until(() -> !late.isEmpty() && !thread.isAlive());
    late.getFirst().join();
    assertThat(distribution.snapshot().phase()).isEqualTo(Snapshot.Phase.DONE);
    assertThat(distribution.snapshot().originBytes()).isEqualTo(1110);
  }

  @Test
  void run_engineThatNamesTasksByAddresses_isAskedByTheirNames() {
    engine.keys = TaskKeys.ofAddresses(URI.create("http://gateway"));

    awaitDone(run(8, 1 << 20));

    assertThat(engine.asked.getFirst().contentKey()).isEqualTo(engine.keys.of(file("large", 1000)));
  }

  @Test
  void run_apiServerAway_goesOnWhenItIsBack() {
    manifests.failures.set(2);

    awaitDone(run(8, 1 << 20));

    assertThat(manifests.stored).containsExactly(MANIFEST);
  }

  @Test
  void run_oneFileFailsWhileAnotherIsUnderWay_neitherStopsNorAsksForTheOtherAgain() {
    engine.hold = true;
    engine.failing = Optional.of("/middle");
    engine.failures.set(5);

    Distribution distribution = run(2, 1 << 20);
    Awaitility.await().until(() -> engine.failures.get() < 0);
    engine.hold = false;
    engine.finishAll();

    awaitDone(distribution);
    assertThat(engine.asked).filteredOn(task -> task.url().getPath().equals("/large")).hasSize(1);
  }

  @Test
  void run_engineAwayForLong_saysSinceWhen() {
    engine.failures.set(5);
    List<Instant> since = new CopyOnWriteArrayList<>();
    AtomicReference<Distribution> distribution = new AtomicReference<>();
    AtomicInteger seconds = new AtomicInteger();

    distribution.set(
        run(
            new TransferBudget(8, 1 << 20),
            () -> Instant.ofEpochSecond(seconds.incrementAndGet()),
            () ->
                Optional.ofNullable(distribution.get())
                    .flatMap(d -> d.snapshot().trouble())
                    .ifPresent(trouble -> since.add(trouble.since()))));

    awaitDone(distribution.get());
    assertThat(since.stream().distinct()).hasSize(1);
  }

  @Test
  void run_sourceRefuses_isTheUsersAndIsNotTriedAgainAtOnce() {
    gateway.refusal = Optional.of("no such model");

    Distribution distribution = run(8, 1 << 20);

    Awaitility.await().until(() -> distribution.snapshot().trouble().isPresent());
    assertThat(distribution.snapshot().trouble().orElseThrow().users()).isTrue();
    assertThat(gateway.resolves).hasValue(1);
  }

  @Test
  void run_pinnedBefore_doesNotResolveAgain() {
    manifests.pinned = Optional.of(MANIFEST);

    awaitDone(run(8, 1 << 20));

    assertThat(gateway.resolves).hasValue(0);
  }

  private Distribution run(int files, long bytes) {
    return run(new TransferBudget(files, bytes), InstantSource.system(), () -> {});
  }

  private Distribution run(TransferBudget budget, InstantSource clock, Runnable changed) {
    P2PTask task = TestingTasks.task("model-m", P2PTaskSpec.Fallback.Allowed);
    Distribution distribution =
        new Distribution(task, gateway, manifests, () -> engine, budget, clock, pauses, changed);
    thread = Thread.ofVirtual().start(distribution);
    return distribution;
  }

  private static void awaitDone(Distribution distribution) {
    Awaitility.await().until(() -> distribution.snapshot().phase() == Snapshot.Phase.DONE);
  }

  private static ManifestFile file(String path, long size) {
    return ManifestFile.verified(path, size, Digest.sha256("%064x".formatted(path.hashCode())));
  }

  private static final class TestingGateway implements Gateway {
    final AtomicInteger resolves = new AtomicInteger();
    volatile Optional<String> refusal = Optional.empty();
    volatile Manifest manifest = MANIFEST;
    volatile LongSupplier originBytes = () -> 1110;

    @Override
    public Manifest resolve(P2PTaskSpec spec) {
      resolves.incrementAndGet();
      if (refusal.isPresent()) {
        throw new SourceException(SourceException.Kind.USER, refusal.get());
      }
      return manifest;
    }

    @Override
    public Map<String, URI> links(String task) {
      return manifest.files().stream()
          .collect(
              Collectors.toMap(ManifestFile::path, f -> URI.create("http://gateway/" + f.path())));
    }

    @Override
    public long originBytes(String task) {
      return originBytes.getAsLong();
    }
  }

  private static final class TestingManifests extends ManifestStore {
    final List<Manifest> stored = new CopyOnWriteArrayList<>();
    final List<SeedHoldings> holdings = new CopyOnWriteArrayList<>();
    final AtomicInteger failures = new AtomicInteger();
    volatile Optional<Manifest> pinned = Optional.empty();

    TestingManifests() {
      super(new io.fabric8.kubernetes.client.KubernetesClientBuilder().build(), "n");
    }

    @Override
    Optional<Manifest> find(P2PTask task) {
      if (failures.getAndDecrement() > 0) {
        throw new KubernetesClientException("connection refused");
      }
      return pinned;
    }

    @Override
    void store(P2PTask task, Manifest manifest) {
      stored.add(manifest);
    }

    @Override
    void store(P2PTask task, SeedHoldings seeds) {
      holdings.add(seeds);
    }
  }
}
