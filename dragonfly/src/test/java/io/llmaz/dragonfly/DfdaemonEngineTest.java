package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.SchedulingPolicy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DfdaemonEngineTest extends DistributionEngineContract {
  private static final int PATIENCE_SECONDS = 20;

  private final List<TestingDfdaemon> daemons = new ArrayList<>();
  private final List<DfdaemonEngine> engines = new ArrayList<>();
  private TestingDfdaemon seed;
  private DfdaemonEngine engine;

  @BeforeEach
  void start() throws IOException {
    seed = daemon();
    engine = engine(config(seed));
  }

  @AfterEach
  void stop() throws InterruptedException {
    engines.forEach(DfdaemonEngine::close);
    for (TestingDfdaemon daemon : daemons) {
      daemon.close();
    }
  }

  @Test
  void distribute_file_asksForOneTaskThroughTheScheduler() throws Exception {
    URI url = URI.create("http://gateway/v1/blobs/x?sig=s");
    seed.publish(url.toString(), 3);

    var _ = await(engine.distribute(new FileTask(url, "key", Map.of("X-A", "b")), progress -> {}));

    Download asked = seed.downloads.getFirst();
    assertThat(asked.getUrl()).isEqualTo(url.toString());
    assertThat(asked.getContentForCalculatingTaskId()).isEqualTo("key");
    assertThat(asked.getEnableTaskIdBasedBlobDigest()).isFalse();
    assertThat(asked.getSchedulingPolicy()).isEqualTo(SchedulingPolicy.ALWAYS);
    assertThat(asked.getRequestHeaderMap()).containsExactly(Map.entry("X-A", "b"));
    assertThat(asked.getRemoteIp()).isNotEmpty();
    assertThat(asked.getNeedPieceContent()).isFalse();
  }

  @Test
  void distribute_registryBlob_isNamedByItsDigest() throws Exception {
    String digest = "ab".repeat(32);
    URI url = URI.create("http://gateway/v2/image-x/blobs/sha256:" + digest + "?sig=s");
    seed.publish(url.toString(), 3);

    Progress whole = await(engine.distribute(new FileTask(url, null, Map.of()), progress -> {}));

    assertThat(whole.taskId()).isEqualTo(digest);
    assertThat(seed.downloads.getFirst().getEnableTaskIdBasedBlobDigest()).isTrue();
    assertThat(seed.downloads.getFirst().hasContentForCalculatingTaskId()).isFalse();
  }

  @Test
  void distribute_sameFileTwiceAtOnce_asksOnce() throws Exception {
    FileTask task = file("once.bin", 9);
    holdSource();
    CompletableFuture<Progress> first = engine.distribute(task, progress -> {});
    CompletableFuture<Progress> second = engine.distribute(task, progress -> {});
    releaseSource();

    assertThat(await(first)).isEqualTo(await(second));
    assertThat(seed.downloads).hasSize(1);
  }

  @Test
  void distribute_cancelled_endsTheDaemonsStream() throws Exception {
    FileTask task = file("cancelled.bin", 9);
    holdSource();
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Progress> future = engine.distribute(task, progress -> begun.countDown());
    assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(future.cancel(true)).isTrue();

    assertThat(seed.cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void distribute_firstSeedUnhealthy_asksNext() throws Exception {
    TestingDfdaemon other = daemon();
    DfdaemonEngine two = engine(config(seed, other));
    FileTask task = fileOf("moved.bin", 9, seed, other);
    TestingDfdaemon first = first(task, seed, other);
    first.unhealthy();

    assertThat(await(two.distribute(task, progress -> {}))).matches(Progress::complete);
    assertThat(first.downloads).isEmpty();
  }

  @Test
  void distribute_firstSeedDiesMidway_nextTakesOver() throws Exception {
    TestingDfdaemon other = daemon();
    DfdaemonEngine two = engine(config(seed, other));
    FileTask task = fileOf("taken.bin", 9, seed, other);
    first(task, seed, other).failAfter(1, Status.UNAVAILABLE.asRuntimeException());

    assertThat(await(two.distribute(task, progress -> {}))).matches(Progress::complete);
    assertThat(seed.downloads).hasSize(1);
    assertThat(other.downloads).hasSize(1);
  }

  @Test
  void distribute_sourceRefuses_nextSeedIsNotAsked() throws Exception {
    TestingDfdaemon other = daemon();
    DfdaemonEngine two = engine(config(seed, other));

    assertThat(failure(two.distribute(missingFile(), progress -> {})).reason())
        .isEqualTo(Reason.SOURCE_FAILED);
    assertThat(seed.downloads.size() + other.downloads.size()).isEqualTo(1);
  }

  @Test
  void distribute_streamEndsEarly_fails() throws Exception {
    seed.truncate();

    EngineException failure = failure(engine.distribute(file("cut.bin", 9), progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.FAILED);
    assertThat(failure).hasMessageContaining("8 of 9 bytes");
  }

  @Test
  void distribute_storedFileIsTold_readsNothingFromSource() throws Exception {
    FileTask task = file("told.bin", 9);
    var _ = await(engine.distribute(task, progress -> {}));
    seed.tellWhatIsStored();

    Progress again = await(engine.distribute(task, progress -> {}));

    assertProgress(again, new Progress(task.taskId(), 9, 9, 0));
    assertThat(again.seed()).isPresent();
  }

  @Test
  void distribute_seedSilent_isGivenUp() throws Exception {
    DfdaemonEngine impatient = engine(config(seed).withStallTimeout(Duration.ofMillis(100)));
    seed.hold();

    EngineException failure = failure(impatient.distribute(file("stuck.bin", 9), progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("silent");
    assertThat(seed.cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void distribute_listenerThrows_transferGoesOn() throws Exception {
    CompletableFuture<Progress> future =
        engine.distribute(
            file("listener.bin", 9),
            progress -> {
              throw new IllegalStateException("listener");
            });

    assertThat(await(future)).matches(Progress::complete);
  }

  @Test
  void distribute_afterClose_isCancelled() throws Exception {
    FileTask task = file("late.bin", 3);
    engine.close();

    assertThat(failure(engine.distribute(task, progress -> {})).reason())
        .isEqualTo(Reason.CANCELLED);
  }

  @Test
  void close_transferUnderWay_isCancelled() throws Exception {
    holdSource();
    CompletableFuture<Progress> future = engine.distribute(file("open.bin", 9), progress -> {});

    engine.close();

    assertThat(failure(future).reason()).isEqualTo(Reason.CANCELLED);
  }

  @Test
  void distribute_seedsOfScheduler_areUsed() throws Exception {
    TestingDfdaemon scheduler = daemon();
    scheduler.hosts.add(
        Host.newBuilder()
            .setType(0)
            .setIp("127.0.0.1")
            .setPort(scheduler.address().port())
            .build());
    scheduler.hosts.add(
        Host.newBuilder().setType(1).setIp("127.0.0.1").setPort(seed.address().port()).build());
    DfdaemonEngine listed =
        engine(DfdaemonEngineConfig.of(List.of(), Optional.of(scheduler.address())));

    assertThat(await(listed.distribute(file("listed.bin", 3), progress -> {})))
        .matches(Progress::complete);
    assertThat(seed.downloads).hasSize(1);
    assertThat(scheduler.downloads).isEmpty();
  }

  @Test
  void distribute_schedulerGone_lastSeedsStayInUse() throws Exception {
    TestingDfdaemon scheduler = daemon();
    scheduler.hosts.add(
        Host.newBuilder().setType(1).setIp("127.0.0.1").setPort(seed.address().port()).build());
    DfdaemonEngine listed =
        engine(
            new DfdaemonEngineConfig(
                List.of(),
                Optional.of(scheduler.address()),
                Duration.ofSeconds(3),
                Duration.ofMinutes(1),
                Duration.ZERO,
                Optional.empty()));
    assertThat(listed.available()).isTrue();

    scheduler.close();

    assertThat(await(listed.distribute(file("kept.bin", 3), progress -> {})))
        .matches(Progress::complete);
  }

  @Test
  void available_noSeedAnswers_isFalse() throws Exception {
    seed.close();

    assertThat(engine.available()).isFalse();
  }

  @Test
  void stat_noSeedAnswers_fails() throws Exception {
    seed.close();

    assertThatThrownBy(() -> engine.stat("ab".repeat(32)))
        .isInstanceOfSatisfying(
            EngineException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  @Test
  void delete_severalSeeds_forgetsEverywhere() throws Exception {
    TestingDfdaemon other = daemon();
    FileTask task = fileOf("everywhere.bin", 3, seed, other);
    Progress one = await(engine.distribute(task, progress -> {}));
    Progress two = await(engine(config(other)).distribute(task, progress -> {}));
    assertProgress(one, two);

    engine(config(seed, other)).delete(task.taskId());

    assertThat(seed.has(task.taskId())).isFalse();
    assertThat(other.has(task.taskId())).isFalse();
  }

  @Override
  protected DistributionEngine engine() {
    return engine;
  }

  @Override
  protected FileTask file(String name, int length) {
    return fileOf(name, length, seed);
  }

  @Override
  protected FileTask missingFile() {
    return new FileTask(URI.create("http://source/none"), "none", Map.of());
  }

  @Override
  protected FileTask refusedFile(String name, int status) {
    URI url = URI.create("http://source/" + name);
    seed.refuse(url.toString(), status);
    return new FileTask(url, name, Map.of());
  }

  @Override
  protected void removeFromSource(String name) {
    seed.remove("http://source/" + name);
  }

  @Override
  protected long sentBySource() {
    return seed.sent();
  }

  @Override
  protected DistributionEngine anotherEngine() {
    return DfdaemonEngine.start(config(seed));
  }

  @Override
  protected void restartDaemon() throws Exception {
    seed.restart();
    Awaitility.await().until(engine::available);
  }

  @Override
  protected void holdSource() {
    seed.hold();
  }

  @Override
  protected void releaseSource() {
    seed.release();
  }

  private static FileTask fileOf(String name, int length, TestingDfdaemon... known) {
    URI url = URI.create("http://source/" + name);
    for (TestingDfdaemon daemon : known) {
      daemon.publish(url.toString(), length);
    }
    return new FileTask(url, name, Map.of());
  }

  private static TestingDfdaemon first(FileTask task, TestingDfdaemon one, TestingDfdaemon other) {
    return SeedOrder.of(task.taskId(), List.of(one.address(), other.address()))
            .getFirst()
            .equals(one.address())
        ? one
        : other;
  }

  private static EngineException failure(CompletableFuture<Progress> future) throws Exception {
    try {
      throw new AssertionError("ended with " + await(future));
    } catch (ExecutionException e) {
      return Objects.requireNonNull((EngineException) e.getCause());
    }
  }

  private static DfdaemonEngineConfig config(TestingDfdaemon... seeds) {
    return DfdaemonEngineConfig.of(
        List.of(seeds).stream().map(TestingDfdaemon::address).toList(), Optional.empty());
  }

  private DfdaemonEngine engine(DfdaemonEngineConfig config) {
    DfdaemonEngine started = DfdaemonEngine.start(config);
    engines.add(started);
    return started;
  }

  private TestingDfdaemon daemon() throws IOException {
    TestingDfdaemon started = new TestingDfdaemon();
    daemons.add(started);
    return started;
  }
}
