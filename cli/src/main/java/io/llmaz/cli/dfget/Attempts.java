package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.NodeDaemon;
import io.llmaz.source.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Asks the daemon again, over a new connection, where that may help.
 *
 * @param endpoint the daemon's socket
 * @param most how often in all
 */
record Attempts(Path endpoint, int most) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** One attempt. */
  interface Work<T> {
    T with(NodeDaemon daemon) throws IOException, InterruptedException;
  }

  /**
   * Returns what the first attempt that does not fail gives.
   *
   * @param lines is told of each failure but the last
   */
  <T> T of(Work<T> work, ProgressLines lines) throws IOException, InterruptedException {
    RetryPolicy retries = new RetryPolicy(most, FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE);
    for (int failed = 1; ; failed++) {
      try (NodeDaemon daemon = NodeDaemon.at(endpoint)) {
        return work.with(daemon);
      } catch (EngineException e) {
        boolean mayHelp =
            e.reason() == EngineException.Reason.UNAVAILABLE
                || e.reason() == EngineException.Reason.FAILED;
        Optional<Duration> pause =
            mayHelp
                ? retries.pause(failed, Optional.empty(), new SplittableRandom())
                : Optional.empty();
        if (pause.isEmpty()) {
          throw e;
        }
        lines.retry(failed, String.valueOf(e.getMessage()));
        Thread.sleep(pause.get());
      }
    }
  }
}
