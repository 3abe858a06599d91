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
import org.awaitility.Awaitility;

/**
 * The packaged operator as a process of its own, with the memory and the flags of the chart and its
 * image, so that its figures are those of a cluster.
 */
final class OperatorProgram implements AutoCloseable {
  /** Its own in {@code images/build}. */
  static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:MaxRAMPercentage=60",
          "-Xmn128m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseStringDeduplication");

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Integer> ports = FreePorts.of(2);
  private final Process process;
  private final PackagedProgram program;

  /**
   * Starts it and returns when its caches are filled.
   *
   * @param flags of the JVM, beside those of the image
   * @throws IOException when it ends instead; the message names its log
   */
  OperatorProgram(Path home, Path kubeconfig, Path log, List<String> flags) throws IOException {
    List<String> all = new ArrayList<>(FLAGS);
    all.add("-XX:MaxRAM=768m"); // The limit in the chart's values.yaml.
    all.addAll(PackagedProgram.COMMON_FLAGS);
    all.addAll(flags);
    ProcessBuilder builder =
        new ProcessBuilder(PackagedProgram.command(home, "operator", all))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("LLMAZ_BIND_ADDRESS", "127.0.0.1");
    builder.environment().put("LLMAZ_HEALTH_PORT", ports.getFirst().toString());
    builder.environment().put("LLMAZ_METRICS_PORT", ports.getLast().toString());
    // Nothing but the benchmark says when a task is done.
    builder.environment().put("LLMAZ_FALLBACK_AFTER", "PT1H");
    process = builder.start();
    program = new PackagedProgram(process, Duration.ofSeconds(20));
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

  double processorSeconds() {
    return program.processorSeconds();
  }

  double peakResident() throws IOException {
    return program.peakResident();
  }

  /** MiB of the heap that are in use; with what nobody uses any more, unless collected before. */
  double heap() throws IOException, InterruptedException {
    return PackagedProgram.heap(get(ports.getLast(), "/metrics"));
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

  @Override
  public void close() {
    http.close();
    program.close();
  }
}
