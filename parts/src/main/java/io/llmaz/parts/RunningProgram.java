package io.llmaz.parts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/**
 * A program of somebody else's, with its output in a file that is quoted when it does not start.
 */
final class RunningProgram implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;

  /**
   * Starts it and returns when it is ready.
   *
   * @throws IOException it ended or was not ready in time; the message holds what it printed
   */
  RunningProgram(List<String> command, Path log, BooleanSupplier ready) throws IOException {
    this(command, Map.of(), log, ready);
  }

  /** The same with variables of the environment beside ours. */
  RunningProgram(
      List<String> command, Map<String, String> environment, Path log, BooleanSupplier ready)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
    try {
      Awaitility.await(command.getFirst())
          .atMost(PATIENCE)
          .until(() -> !process.isAlive() || ready.getAsBoolean());
      if (!process.isAlive()) {
        throw new IllegalStateException("ended with " + process.exitValue());
      }
    } catch (RuntimeException e) {
      close();
      throw new IOException(command.getFirst() + " did not start: " + Files.readString(log), e);
    }
  }

  static boolean listens(int port) {
    try (var _ = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  long pid() {
    return process.pid();
  }

  /** As a machine that loses its power. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
