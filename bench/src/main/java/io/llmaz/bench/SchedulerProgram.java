package io.llmaz.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged scheduler as a process of its own, with the memory and the flags of its image. */
final class SchedulerProgram implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening (\\d+) http (\\d+)");
  private static final Pattern HEAP =
      Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\",[^}]*} (\\S+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;
  private final int httpPort;

  SchedulerProgram(Path home) throws IOException {
    // images/build
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                home.resolve("scheduler/target/dist") + "/*",
                "io.llmaz.scheduler.Main"));
    builder.environment().put("LLMAZ_SCHEDULER_LISTEN", "127.0.0.1:0");
    builder.environment().put("LLMAZ_SCHEDULER_HTTP_LISTEN", "127.0.0.1:0");
    process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
    Matcher listening = LISTENING.matcher("");
    while (!listening.reset(line(out)).find()) {
      // Its log comes before.
    }
    port = Integer.parseInt(listening.group(1));
    httpPort = Integer.parseInt(listening.group(2));
    Thread.ofVirtual().start(() -> out.lines().forEach(line -> {}));
  }

  private static String line(BufferedReader out) throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the scheduler ended");
    }
    return line;
  }

  /** Of {@code scheduler.v2}. */
  int port() {
    return port;
  }

  /** MiB of its heap that are used now, garbage too. */
  double heap() throws IOException, InterruptedException {
    Matcher heap = HEAP.matcher(get("/metrics"));
    double bytes = 0;
    while (heap.find()) {
      bytes += Double.parseDouble(heap.group(1));
    }
    return bytes / 0x1p20;
  }

  /** MiB that are resident now. */
  double resident() throws IOException {
    String pages = Files.readString(Path.of("/proc/" + process.pid() + "/statm")).split(" ")[1];
    return Long.parseLong(pages) * 4096 / 0x1p20;
  }

  double processorSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }

  private String get(String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
