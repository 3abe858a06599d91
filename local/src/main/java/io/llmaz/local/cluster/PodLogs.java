package io.llmaz.local.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a container's output is: both streams of all its starts, in one file. */
final class PodLogs {

  private static final int MOST_BYTES = 2_048;

  private PodLogs() {}

  static Path file(Path podFolder, String container) {
    return podFolder.resolve("logs").resolve(container + ".log");
  }

  /**
   * The last line that a container said, at most 2,048 characters; empty without one. The processes
   * of a Pod here have no {@code /dev/termination-log} of their own, so every container has what
   * Kubernetes calls {@code FallbackToLogsOnError}.
   */
  static String lastLine(Path podFolder, String container) {
    Path file = file(podFolder, container);
    try (SeekableByteChannel log = Files.newByteChannel(file)) {
      ByteBuffer end = ByteBuffer.allocate((int) Math.min(MOST_BYTES, log.size()));
      log.position(log.size() - end.capacity());
      while (end.hasRemaining() && log.read(end) >= 0) {
        // Until the end.
      }
      String text = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8).strip();
      return text.substring(text.lastIndexOf('\n') + 1);
    } catch (IOException e) {
      return "";
    }
  }
}
