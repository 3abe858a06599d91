package io.llmaz.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged gateway as a process of its own, with the flags of its image. */
final class GatewayProgram implements AutoCloseable {
  private final Process process;
  private final URI address;

  /**
   * Starts it and returns when it listens.
   *
   * @throws IOException when it ends instead; the message holds its log
   */
  GatewayProgram(Path home, Path kubeconfig, Path log, URI hub) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", home.resolve("gateway/target/dist") + "/*"));
    command.add("io.llmaz.gateway.Main");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("LLMAZ_GATEWAY_LISTEN", "127.0.0.1:0");
    builder.environment().put("HF_ENDPOINT", hub.toString());
    // Files are read again and again here.
    builder.environment().put("LLMAZ_BYTE_BUDGET", "1000");
    process = builder.start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith("listening ")) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("the gateway ended: " + Files.readString(log));
    }
    address = URI.create(line.substring("listening ".length()));
    // Its access log goes to a pipe that must not fill up.
    Thread.ofVirtual()
        .start(() -> {
          try (output) {
            output.transferTo(java.io.Writer.nullWriter());
          } catch (IOException e) {
            // It ended.
          }
        });
  }

  URI address() {
    return address;
  }

  /** Seconds of user and system that it has used. */
  double processorSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }

  /** MiB that were resident at the most. */
  double peakResident() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
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
