package io.llmaz.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./llmaz demo}: one model on four nodes, each replica answering; whole, and with the engine
 * killed in mid-download.
 */
final class DemoBenchmark implements Benchmark {
  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String title() {
    return "./llmaz demo with everything built: a model of 90 MB on four nodes, then on eight, then without P2P";
  }

  @Override
  public Figures run(Path home) throws Exception {
    JsonNode whole = demo(home);
    JsonNode killed = demo(home, "--kill-engine");
    List<String> lines = new ArrayList<>();
    lines.add(line("demo", whole));
    lines.add(line("demo --kill-engine", killed));
    lines.add(
        String.format(
            Locale.ROOT,
            "scale-out to %d more: %.1f s, %d bytes of the source; without P2P %.1f s, %d bytes; speedup %.2f",
            whole.at("/scaleOut/replicas").asInt(),
            whole.at("/scaleOut/seconds").asDouble(),
            whole.at("/scaleOut/sourceBytes").asLong(),
            whole.at("/withoutP2P/seconds").asDouble(),
            whole.at("/withoutP2P/sourceBytes").asLong(),
            whole.path("speedup").asDouble()));
    return new Figures(
        lines,
        List.of(
            Bar.atMost("seconds until all replicas answer", seconds(whole), 20),
            Bar.atMost("bytes of the source / unique bytes", amplification(whole), 1.01),
            Bar.atMost(
                "bytes of the source / unique bytes, engine killed", amplification(killed), 1.01),
            Bar.atMost(
                "bytes of the source for the scale-out",
                whole.at("/scaleOut/sourceBytes").asDouble(),
                0),
            Bar.atMost("claims that do not hold", failed(whole) + failed(killed), 0)));
  }

  private static String line(String name, JsonNode result) {
    return String.format(
        Locale.ROOT,
        "%s: %d of %d replicas answer after %.1f s; source %d bytes in %d requests, %.3f x unique",
        name,
        result.path("ready").asInt(),
        result.path("replicas").asInt(),
        seconds(result),
        result.at("/source/bytes").asLong(),
        result.at("/source/requests").asLong(),
        amplification(result));
  }

  private static double seconds(JsonNode result) {
    return result.path("seconds").asDouble();
  }

  private static double amplification(JsonNode result) {
    return result.at("/source/amplification").asDouble();
  }

  private static int failed(JsonNode result) {
    int failed = 0;
    for (JsonNode claim : result.path("claims")) {
      failed += claim.path("holds").asBoolean() ? 0 : 1;
    }
    return failed;
  }

  private static JsonNode demo(Path home, String... more) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(home.resolve("llmaz").toString(), "demo", "-o", "json"));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return new ObjectMapper().readTree(out);
  }
}
