package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a seed is brought to have a task.
 *
 * <ol>
 *   <li>It is asked what it has. With the file there, nothing is fetched: a daemon that is told to
 *       fetch what it has, and cannot reach the scheduler of that file, calls it failed.
 *   <li>It is told to fetch. It tells its scheduler of the file, which is us, or another when ours
 *       is not the only one.
 *   <li>When it ended well and we heard nothing, it is asked once more.
 * </ol>
 */
final class SeedTrigger {
  private static final Logger log = LoggerFactory.getLogger(SeedTrigger.class);

  private final SeedClient seeds;

  /** What came of it. */
  enum Outcome {
    /** It registered with us, and is or was a peer like any other. */
    REGISTERED,
    /** It has the file and does not tell us. */
    HOLDS,
    FAILED
  }

  SeedTrigger(SeedClient seeds) {
    this.seeds = seeds;
  }

  /**
   * Returns at once.
   *
   * @param registered whether the seed is a peer of the task here
   * @param end told once, perhaps by the calling thread
   */
  void bring(
      Host seed,
      String taskId,
      Download download,
      BooleanSupplier registered,
      Consumer<Outcome> end) {
    seeds.holds(
        seed,
        taskId,
        holds -> {
          if (holds || registered.getAsBoolean()) {
            end.accept(holds ? Outcome.HOLDS : Outcome.REGISTERED);
          } else {
            log.info("task {}: asked seed {}", taskId, seed.getId());
            seeds.download(
                seed, download, failure -> fetched(seed, taskId, failure != null, registered, end));
          }
        });
  }

  private void fetched(
      Host seed, String taskId, boolean failed, BooleanSupplier registered, Consumer<Outcome> end) {
    if (failed) {
      end.accept(Outcome.FAILED);
    } else if (registered.getAsBoolean()) {
      end.accept(Outcome.REGISTERED);
    } else {
      seeds.holds(
          seed,
          taskId,
          holds -> {
            Outcome silent = registered.getAsBoolean() ? Outcome.REGISTERED : Outcome.FAILED;
            end.accept(holds ? Outcome.HOLDS : silent);
          });
    }
  }
}
