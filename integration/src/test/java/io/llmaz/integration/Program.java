package io.llmaz.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs as their users start them. */
final class Program {
  /** The root of the project; tests run in their module's folder. */
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private Program() {}

  /** What a program printed, and how it ended. */
  record End(int status, String output) {}

  /** Runs one to its end. */
  static End run(List<String> command) throws IOException, InterruptedException {
    return run(command, Map.of());
  }

  /** Runs one to its end, with more variables. */
  static End run(List<String> command, Map<String, String> variables)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new End(process.waitFor(), output);
  }

  /** Whether a module's program is packaged, as it is in a build of everything. */
  static boolean packaged(String module) {
    return Files.isDirectory(HOME.resolve(module + "/target/dist"));
  }

  /** Starts a packaged program of ours, with nothing but these variables. */
  static Process start(String module, Path log, Map<String, String> variables) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(HOME.resolve(module + "/target/dist") + "/*");
    command.add("io.llmaz." + module + ".Main");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    return builder.start();
  }

  /** As a kubelet does: asks it to stop, and waits for less than its patience. */
  static boolean stop(Process process) throws InterruptedException {
    process.destroy();
    if (process.waitFor(20, TimeUnit.SECONDS)) {
      return true;
    }
    process.destroyForcibly().waitFor();
    return false;
  }
}
