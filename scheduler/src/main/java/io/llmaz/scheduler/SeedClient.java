package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a seed peer to bring a task in, and what it has. */
interface SeedClient extends AutoCloseable {

  /**
   * Starts the download on a seed and returns at once.
   *
   * @param ended told once: null when the seed has everything, else what went wrong
   */
  void download(Host seed, Download download, Consumer<@Nullable Throwable> ended);

  /**
   * Asks a seed whether it has every piece of a task to give, and returns at once.
   *
   * @param answer told once; false also when the seed does not answer
   */
  void holds(Host seed, String taskId, Consumer<Boolean> answer);

  @Override
  void close();
}
