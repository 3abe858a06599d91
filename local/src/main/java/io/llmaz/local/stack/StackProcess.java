package io.llmaz.local.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of the stack as a process of its own: the gateway, so that the tokens are in no other.
 */
final class StackProcess implements AutoCloseable {
  private static final String LISTENING = "listening ";
  private static final long STOP_SECONDS = 3;
  // A JVM in training writes its cache before it ends.
  private static final long RECORDING_STOP_SECONDS = 60;

  private final String module;
  private final Path log;
  private final Process process;
  private final long stopSeconds;

  private StackProcess(String module, Path log, Process process, long stopSeconds) {
    this.module = module;
    this.log = log;
    this.process = process;
    this.stopSeconds = stopSeconds;
  }

  /**
   * Starts one; what it says goes to {@code module.log}.
   *
   * @param directory for its log
   * @throws IOException when there is no such program
   */
  static StackProcess start(
      Programs programs, String module, Path directory, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(directory);
    List<String> command =
        programs
            .command(module)
            .orElseGet(() -> JavaProgram.command(programs, module, "io.llmaz." + module + ".Main"));
    Path log = directory.resolve(module + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("KUBE"));
    builder.environment().putAll(environment);
    return new StackProcess(
        module,
        log,
        builder.start(),
        programs.records(module) ? RECORDING_STOP_SECONDS : STOP_SECONDS);
  }

  /**
   * Waits until it says where it listens.
   *
   * @return what it says behind {@code listening}
   * @throws IOException when it ends instead; with its log
   */
  String awaitListening() throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = output.readLine();
    }
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("the " + module + " did not start: " + Files.readString(log));
    }
    return line.substring(LISTENING.length());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(stopSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
