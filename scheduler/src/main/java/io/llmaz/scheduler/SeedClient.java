package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a seed peer to bring a task in. */
interface SeedClient extends AutoCloseable {

  /**
   * Starts the download on a seed and returns at once.
   *
   * @param ended told once: null when the seed has everything, else what went wrong
   */
  void download(Host seed, Download download, Consumer<@Nullable Throwable> ended);

  @Override
  void close();
}
