package io.llmaz.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A packaged program of ours as a process of its own: how it is started, what it costs, its end.
 */
final class PackagedProgram implements AutoCloseable {
  /** What {@code images/build} gives every program but the loader beside its own flags. */
  static final List<String> COMMON_FLAGS =
      List.of(
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Process process;
  private final Duration patience;

  /**
   * Takes a process over.
   *
   * @param patience how long it may take to end when it is asked to
   */
  PackagedProgram(Process process, Duration patience) {
    this.process = process;
    this.patience = patience;
  }

  /** How a module's program is started on the JVM that runs this. */
  static List<String> command(Path home, String module, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", home.resolve(module + "/target/dist") + "/*"));
    command.add("io.llmaz." + module + ".Main");
    return command;
  }

  /** MiB of the heap in use by a program's metrics, garbage too. */
  static double heap(String metrics) {
    return metrics
            .lines()
            .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum()
        / (1 << 20);
  }

  /** Seconds of user and system that it has used. */
  double processorSeconds() {
    return TimedProcess.processorSeconds(process.pid());
  }

  /** MiB that are resident now. */
  double resident() throws IOException {
    return resident("VmRSS:");
  }

  /** MiB that were resident at the most. */
  double peakResident() throws IOException {
    return resident("VmHWM:");
  }

  private double resident(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith(field))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }

  /** Asks it to stop, as a kubelet does, and kills it when it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
