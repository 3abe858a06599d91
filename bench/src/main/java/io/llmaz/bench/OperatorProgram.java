package io.llmaz.bench;

import io.llmaz.parts.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The packaged operator as a process of its own, with the memory and the flags of the chart and its
 * image, so that its figures are those of a cluster.
 */
final class OperatorProgram implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Integer> ports = FreePorts.of(2);
  private final Process process;

  /**
   * Starts it and returns when its caches are filled.
   *
   * @param flags of the JVM, beside those of the image
   * @throws IOException when it ends instead; the message names its log
   */
  OperatorProgram(Path home, Path kubeconfig, Path log, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    // images/build and values.yaml of the chart.
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:MaxRAM=768m",
            "-XX:MaxRAMPercentage=60",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseStringDeduplication",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(flags);
    command.addAll(List.of("-cp", home.resolve("operator/target/dist") + "/*"));
    command.add("io.llmaz.operator.Main");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("LLMAZ_BIND_ADDRESS", "127.0.0.1");
    builder.environment().put("LLMAZ_HEALTH_PORT", ports.getFirst().toString());
    builder.environment().put("LLMAZ_METRICS_PORT", ports.getLast().toString());
    // Nothing but the benchmark says when a task is done.
    builder.environment().put("LLMAZ_FALLBACK_AFTER", "PT1H");
    process = builder.start();
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive() || ready());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    if (!process.isAlive()) {
      throw new IOException("the operator ended, see " + log + ": " + Files.readString(log));
    }
  }

  /** Seconds of user and system that it has used. */
  double processorSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }

  /** MiB that were resident at the most. */
  double peakResident() throws IOException {
    return resident("VmHWM:");
  }

  /** MiB of the heap that are in use; with what nobody uses any more, unless collected before. */
  double heap() throws IOException, InterruptedException {
    return get(ports.getLast(), "/metrics")
            .lines()
            .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum()
        / (1 << 20);
  }

  /** Collects garbage, so that {@link #heap} is what is really held. */
  void collect() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
    Process collection =
        new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (collection.waitFor() != 0) {
      throw new IOException("jcmd GC.run failed");
    }
  }

  private double resident(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith(field))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }

  private boolean ready() throws InterruptedException {
    try {
      return get(ports.getFirst(), "/readyz").equals("ok\n");
    } catch (IOException e) {
      return false;
    }
  }

  private String get(int port, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  /** Asks it to stop, as a kubelet does, and kills it when it does not. */
  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
