package io.llmaz.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged scheduler as a process of its own, with the memory and the flags of its image. */
final class SchedulerProgram implements AutoCloseable {
  /** Its own in {@code images/build}. */
  static final List<String> FLAGS = List.of("-XX:+UseParallelGC", "-Xmx256m");

  private static final Pattern LISTENING = Pattern.compile("listening (\\d+) http (\\d+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final PackagedProgram program;
  private final int port;
  private final int httpPort;

  SchedulerProgram(Path home) throws IOException {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.addAll(PackagedProgram.COMMON_FLAGS);
    ProcessBuilder builder = new ProcessBuilder(PackagedProgram.command(home, "scheduler", flags));
    builder.environment().put("LLMAZ_SCHEDULER_LISTEN", "127.0.0.1:0");
    builder.environment().put("LLMAZ_SCHEDULER_HTTP_LISTEN", "127.0.0.1:0");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    program = new PackagedProgram(process, Duration.ZERO); // Nobody waits for its grace.
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
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
    return PackagedProgram.heap(get("/metrics"));
  }

  /** How often it decided about a task and how long that took, by its own metrics. */
  String decisions() throws IOException, InterruptedException {
    String metrics = get("/metrics");
    double count = metric(metrics, "_count");
    return String.format(
        Locale.ROOT,
        "%.0f decisions about a task: %.3f ms in the mean, at most %.1f ms in the last minutes",
        count,
        metric(metrics, "_sum") / count,
        metric(metrics, "_max"));
  }

  private static double metric(String metrics, String of) {
    String name = "dragonfly_scheduler_schedule_duration_milliseconds" + of + " ";
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  double resident() throws IOException {
    return program.resident();
  }

  double processorSeconds() {
    return program.processorSeconds();
  }

  private String get(String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    program.close();
  }
}
