package io.llmaz.local.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Copies a container's log, and what is still added to it while the container is there. */
final class LogCopy {
  private static final long LOOK_AGAIN_MILLIS = 100;

  private LogCopy() {}

  /**
   * Copies.
   *
   * @param log says where the log is as long as its pod is here
   * @param follow whether to wait for more until the pod is gone
   */
  static void copy(Supplier<Optional<Path>> log, boolean follow, OutputStream out)
      throws IOException {
    Optional<Path> file = log.get();
    if (file.isEmpty()) {
      return;
    }
    try (InputStream in = Files.newInputStream(file.get())) {
      in.transferTo(out);
      out.flush();
      while (follow && log.get().isPresent()) {
        Thread.sleep(LOOK_AGAIN_MILLIS);
        if (in.transferTo(out) > 0) {
          out.flush();
        }
      }
    } catch (NoSuchFileException e) {
      // The pod went between the question and the answer.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
