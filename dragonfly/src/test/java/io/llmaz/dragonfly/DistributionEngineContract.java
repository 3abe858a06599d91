package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every engine does, whatever is behind it. */
public abstract class DistributionEngineContract {
  private static final int PATIENCE_SECONDS = 20;

  /** The engine under test; the same in one test. */
  protected abstract DistributionEngine engine();

  /** A file that the source has. */
  protected abstract FileTask file(String name, int length);

  /** A file for which the source answers 404. */
  protected abstract FileTask missingFile();

  /** Lets each transfer begin but not end, until {@link #releaseSource}. */
  protected abstract void holdSource();

  /** Lets transfers end. */
  protected abstract void releaseSource();

  @Test
  public void distribute_newFile_tellsProgressUntilWhole() throws Exception {
    FileTask task = file("a.bin", 10);
    List<Progress> heard = new CopyOnWriteArrayList<>();

    Progress last = await(engine().distribute(task, heard::add));

    assertThat(last).isEqualTo(new Progress(task.taskId(), 10, 10, 10));
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
    Progress unused = await(engine().distribute(task, progress -> {}));

    Progress again = await(engine().distribute(task, progress -> {}));

    assertThat(again).isEqualTo(new Progress(task.taskId(), 9, 9, 0));
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

  @Test
  public void stat_unknownTask_isEmpty() {
    assertThat(engine().stat(TaskIds.ofContent("nobody has this"))).isEmpty();
  }

  @Test
  public void stat_distributedTask_isComplete() throws Exception {
    FileTask task = file("known.bin", 5);
    Progress unused = await(engine().distribute(task, progress -> {}));

    assertThat(engine().stat(task.taskId())).contains(new Progress(task.taskId(), 5, 5, 0));
  }

  @Test
  public void delete_distributedTask_isForgotten() throws Exception {
    FileTask task = file("removed.bin", 5);
    Progress unused = await(engine().distribute(task, progress -> {}));

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
}
