package io.llmaz.local.cluster;

import java.nio.file.Path;

/** Where a container's output is: both streams of all its starts, in one file. */
final class PodLogs {

  private PodLogs() {}

  static Path file(Path podFolder, String container) {
    return podFolder.resolve("logs").resolve(container + ".log");
  }
}
