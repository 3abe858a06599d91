package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.SchedulingPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine does, whatever is behind it. */
public abstract class DistributionEngineContract {
  private static final int PATIENCE_SECONDS = 20;
  private static final int SMALL_FILES = 1000;
  private static final int AT_ONCE = 8;

  /** The engine under test; the same in one test. */
  protected abstract DistributionEngine engine();

  /** A file that the source has. */
  protected abstract FileTask file(String name, int length);

  /** A file for which the source answers 404. */
  protected abstract FileTask missingFile();

  /** A file for which the source answers with this status. */
  protected abstract FileTask refusedFile(String name, int status);

  /** Takes a file away from the source, which answers 404 from now on. */
  protected abstract void removeFromSource(String name);

  /** Content bytes that the source gave so far. */
  protected abstract long sentBySource();

  /** Another driver of the same daemons, as a second operator has. */
  protected abstract DistributionEngine anotherEngine();

  /** Ends the daemon and starts it again on its disk; returns when it serves. */
  protected abstract void restartDaemon() throws Exception;

  /** The daemon's socket for programs of its machine; empty when it has none. */
  protected Optional<Path> socket() {
    return Optional.empty();
  }

  /** Lets each transfer begin but not end, until {@link #releaseSource}. */
  protected abstract void holdSource();

  /** Lets transfers end. */
  protected abstract void releaseSource();

  @Test
  public void distribute_newFile_tellsProgressUntilWhole() throws Exception {
    FileTask task = file("a.bin", 10);
    List<Progress> heard = new CopyOnWriteArrayList<>();

    Progress last = await(engine().distribute(task, heard::add));

    assertProgress(last, new Progress(task.taskId(), 10, 10, 10));
    assertThat(heard).last().isEqualTo(last);
    assertThat(heard).extracting(Progress::completedLength).isSorted();
  }

  @Test
  public void distribute_emptyFile_isWhole() throws Exception {
    FileTask task = file("empty.bin", 0);

    assertThat(await(engine().distribute(task, progress -> {}))).matches(Progress::complete);
  }

  @Test
  public void distribute_again_readsNothingFromSource() throws Exception {
    FileTask task = file("twice.bin", 9);
    var _ = await(engine().distribute(task, progress -> {}));

    Progress again = await(engine().distribute(task, progress -> {}));

    assertProgress(again, new Progress(task.taskId(), 9, 9, 0));
  }

  @Test
  public void distribute_whileUnderWay_joins() throws Exception {
    FileTask task = file("joined.bin", 9);
    holdSource();
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Progress> first = engine().distribute(task, progress -> begun.countDown());
    assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Progress> second = engine().distribute(task, progress -> {});
    releaseSource();

    assertThat(await(second)).isEqualTo(await(first));
  }

  @Test
  public void distribute_oneOfTwoCancels_otherEnds() throws Exception {
    FileTask task = file("shared.bin", 9);
    holdSource();
    CompletableFuture<Progress> first = engine().distribute(task, progress -> {});
    CompletableFuture<Progress> second = engine().distribute(task, progress -> {});

    assertThat(first.cancel(true)).isTrue();
    releaseSource();

    assertThat(await(second)).matches(Progress::complete);
    assertThatThrownBy(first::get).isInstanceOf(CancellationException.class);
  }

  @Test
  public void distribute_afterCancel_startsAgain() throws Exception {
    FileTask task = file("again.bin", 9);
    holdSource();
    CompletableFuture<Progress> first = engine().distribute(task, progress -> {});
    assertThat(first.cancel(true)).isTrue();
    releaseSource();

    assertThat(await(engine().distribute(task, progress -> {}))).matches(Progress::complete);
  }

  @Test
  public void distribute_sourceHasNot_failsWithItsStatus() {
    CompletableFuture<Progress> future = engine().distribute(missingFile(), progress -> {});

    assertThatThrownBy(() -> await(future))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            EngineException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
              assertThat(failure.sourceStatus()).hasValue(404);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429, 500, 503})
  public void distribute_sourceRefuses_failsWithThatStatus(int status) {
    CompletableFuture<Progress> future =
        engine().distribute(refusedFile("refused-" + status, status), progress -> {});

    assertThatThrownBy(() -> await(future))
        .cause()
        .isInstanceOfSatisfying(
            EngineException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
              assertThat(failure.sourceStatus()).hasValue(status);
            });
  }

  @Test
  public void distribute_sourceHeldBack_tellsTheSizeBeforeTheBytes() throws Exception {
    FileTask task = file("sized.bin", 9);
    holdSource();
    CompletableFuture<Progress> told = new CompletableFuture<>();
    CompletableFuture<Progress> whole = engine().distribute(task, told::complete);

    Progress first = await(told);

    assertThat(first.contentLength()).isEqualTo(9);
    assertThat(first.complete()).isFalse();
    assertThat(whole).isNotDone();
    releaseSource();
    assertThat(await(whole)).matches(Progress::complete);
  }

  @Test
  public void distribute_sourceGoneAfterwards_servesWhatItHas() throws Exception {
    FileTask task = file("orphan.bin", 9);
    var _ = await(engine().distribute(task, progress -> {}));

    removeFromSource("orphan.bin");

    assertProgress(
        await(engine().distribute(task, progress -> {})), new Progress(task.taskId(), 9, 9, 0));
    assertThat(engine().stat(task.taskId())).isPresent();
  }

  @Test
  public void distribute_sameShardOfTwoRepositories_isStoredOnce() throws Exception {
    FileTask one = file("a/shard.bin", 9);
    FileTask other = new FileTask(file("b/shard.bin", 9).url(), one.contentKey(), Map.of());
    var _ = await(engine().distribute(one, progress -> {}));
    long before = sentBySource();

    Progress again = await(engine().distribute(other, progress -> {}));

    assertProgress(again, new Progress(one.taskId(), 9, 9, 0));
    assertThat(sentBySource()).isEqualTo(before);
  }

  @Test
  public void distribute_sameLayerOfTwoRegistries_isStoredOnceUnderItsDigest() throws Exception {
    String digest = "0123456789abcdef".repeat(4);
    FileTask one = new FileTask(file("v2/a/blobs/sha256:" + digest, 9).url(), null, Map.of());
    FileTask other = new FileTask(file("v2/b/c/blobs/sha256:" + digest, 9).url(), null, Map.of());
    var _ = await(engine().distribute(one, progress -> {}));
    long before = sentBySource();

    Progress again = await(engine().distribute(other, progress -> {}));

    assertProgress(again, new Progress(digest, 9, 9, 0));
    assertThat(sentBySource()).isEqualTo(before);
  }

  @Test
  public void distribute_byTwoDriversAtOnce_readsTheSourceOnce() throws Exception {
    FileTask task = file("both.bin", 9);
    long before = sentBySource();
    holdSource();
    CountDownLatch oneBegun = new CountDownLatch(1);
    CountDownLatch twoBegun = new CountDownLatch(1);
    try (DistributionEngine other = anotherEngine()) {
      CompletableFuture<Progress> one = engine().distribute(task, progress -> oneBegun.countDown());
      CompletableFuture<Progress> two = other.distribute(task, progress -> twoBegun.countDown());
      assertThat(oneBegun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(twoBegun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      releaseSource();

      assertThat(await(one)).matches(Progress::complete);
      assertThat(await(two)).matches(Progress::complete);
    }
    assertThat(sentBySource() - before).isEqualTo(9);
  }

  @Test
  public void distribute_afterDelete_readsTheSourceAgain() throws Exception {
    FileTask task = file("anew.bin", 7);
    var _ = await(engine().distribute(task, progress -> {}));
    long before = sentBySource();

    engine().delete(task.taskId());

    assertThat(await(engine().distribute(task, progress -> {}))).matches(Progress::complete);
    assertThat(sentBySource() - before).isEqualTo(7);
  }

  @Test
  public void distribute_thousandSmallFiles_readsEachOnce() throws Exception {
    long before = sentBySource();
    List<FileTask> tasks = new ArrayList<>();
    for (int i = 0; i < SMALL_FILES; i++) {
      tasks.add(file("small-" + i + ".json", 100 + i % 50));
    }

    // The operator's own bound.
    for (int first = 0; first < SMALL_FILES; first += AT_ONCE) {
      List<CompletableFuture<Progress>> running =
          tasks.subList(first, Math.min(SMALL_FILES, first + AT_ONCE)).stream()
              .map(task -> engine().distribute(task, progress -> {}))
              .toList();
      for (CompletableFuture<Progress> future : running) {
        assertThat(await(future)).matches(Progress::complete);
      }
    }

    long expected = 0;
    for (int i = 0; i < SMALL_FILES; i++) {
      expected += 100 + i % 50;
    }
    assertThat(sentBySource() - before).isEqualTo(expected);
  }

  @Test
  public void distribute_daemonStartedAgain_stillHasIt() throws Exception {
    FileTask task = file("kept.bin", 9);
    var _ = await(engine().distribute(task, progress -> {}));
    long before = sentBySource();

    restartDaemon();

    assertThat(engine().stat(task.taskId()))
        .hasValueSatisfying(p -> assertThat(p.complete()).isTrue());
    assertProgress(
        await(engine().distribute(task, progress -> {})), new Progress(task.taskId(), 9, 9, 0));
    assertThat(sentBySource()).isEqualTo(before);
  }

  @Test
  public void download_wrongDigest_failsAndSaysSo(@TempDir Path directory) throws Exception {
    assumeTrue(socket().isPresent(), "no socket");
    FileTask task = file("wrong.bin", 9);
    Download request =
        Download.newBuilder()
            .setUrl(task.url().toString())
            .setContentForCalculatingTaskId(Objects.requireNonNull(task.contentKey()))
            .setSchedulingPolicy(SchedulingPolicy.ALWAYS)
            .setDigest("sha256:" + "0".repeat(64))
            .setOutputPath(directory.resolve("wrong.bin").toString())
            .build();

    try (NodeDaemon daemon = NodeDaemon.at(socket().orElseThrow())) {
      assertThatThrownBy(() ->
              daemon.download(
                  request,
                  Duration.ofSeconds(PATIENCE_SECONDS),
                  NodeDaemon.PieceSink.NONE,
                  progress -> {}))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("digest");
    }
    // What it fetched is what the source has; only the file that was asked for is not given.
    assertThat(engine().stat(task.taskId())).isPresent();
  }

  @Test
  public void stat_unknownTask_isEmpty() {
    assertThat(engine().stat(TaskIds.ofContent("nobody has this"))).isEmpty();
  }

  @Test
  public void stat_distributedTask_isComplete() throws Exception {
    FileTask task = file("known.bin", 5);
    var _ = await(engine().distribute(task, progress -> {}));

    assertThat(engine().stat(task.taskId())).contains(new Progress(task.taskId(), 5, 5, 0));
  }

  @Test
  public void delete_distributedTask_isForgotten() throws Exception {
    FileTask task = file("removed.bin", 5);
    var _ = await(engine().distribute(task, progress -> {}));

    engine().delete(task.taskId());

    assertThat(engine().stat(task.taskId())).isEmpty();
  }

  @Test
  public void delete_unknownTask_isNoError() {
    engine().delete(TaskIds.ofContent("nobody has this"));
  }

  @Test
  public void available_seedServes_isTrue() {
    assertThat(engine().available()).isTrue();
  }

  /** The result within a test's patience. */
  protected static Progress await(CompletableFuture<Progress> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Whichever seed it is at. */
  static void assertProgress(Progress actual, Progress expected) {
    assertThat(actual).usingRecursiveComparison().ignoringFields("seed").isEqualTo(expected);
  }
}
