package io.llmaz.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/**
 * {@code benchmarks.json} and, drawn from it, {@code benchmarks.md}: the last figures of every
 * benchmark, whichever ran today.
 *
 * <p>The JSON is {@code {bars:[{benchmark, name, value, bar, atLeast, holds}], results:[{benchmark,
 * title, command, date, machine, lines}]}}. A benchmark that is not a Java program leaves a file
 * {@code {benchmark, title, command, lines, bars}}, which {@link #add(JsonNode, LocalDate)} takes
 * in.
 */
final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final ObjectNode report;

  private Report(Path folder, ObjectNode report) {
    this.folder = folder;
    this.report = report;
  }

  /** The report of a folder; an empty one when there is none yet. */
  static Report in(Path folder) throws IOException {
    Path json = folder.resolve("benchmarks.json");
    ObjectNode report =
        Files.exists(json)
            ? (ObjectNode) JSON.readTree(Files.readString(json))
            : JSON.createObjectNode();
    return new Report(folder, report);
  }

  /** Replaces what the report says of this benchmark. */
  void add(Benchmark benchmark, Figures figures, LocalDate today) {
    ObjectNode fragment = JSON.createObjectNode();
    fragment.put("benchmark", benchmark.name());
    fragment.put("title", benchmark.title());
    fragment.put("command", "bench/run " + benchmark.name());
    figures.lines().forEach(fragment.putArray("lines")::add);
    ArrayNode bars = fragment.putArray("bars");
    for (Bar bar : figures.bars()) {
      bars.addObject()
          .put("name", bar.name())
          .put("value", rounded(bar.value()))
          .put("bar", bar.bar())
          .put("atLeast", bar.atLeast())
          .put("holds", bar.holds());
    }
    add(fragment, today);
  }

  /** Replaces what the report says of the benchmark that the fragment names. */
  void add(JsonNode fragment, LocalDate today) {
    String name = fragment.required("benchmark").asText();
    ArrayNode bars = report.withArray("bars");
    ArrayNode results = report.withArray("results");
    remove(bars, name);
    remove(results, name);
    for (JsonNode bar : fragment.required("bars")) {
      ObjectNode copy = JSON.createObjectNode().put("benchmark", name);
      bars.add(copy.setAll((ObjectNode) bar));
    }
    results
        .addObject()
        .put("benchmark", name)
        .put("title", fragment.required("title").asText())
        .put("command", fragment.required("command").asText())
        .put("date", today.toString())
        .put("machine", Runtime.getRuntime().availableProcessors() + " processors")
        .set("lines", fragment.required("lines"));
  }

  private static void remove(ArrayNode of, String benchmark) {
    for (int i = of.size() - 1; i >= 0; i--) {
      if (of.get(i).path("benchmark").asText().equals(benchmark)) {
        of.remove(i);
      }
    }
  }

  /** Writes both files. */
  void write() throws IOException {
    Files.writeString(
        folder.resolve("benchmarks.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    Files.writeString(folder.resolve("benchmarks.md"), markdown());
  }

  private String markdown() {
    StringBuilder text =
        new StringBuilder("# Benchmarks\n\nWritten by `bench/run`; a bar is held against a ratio")
            .append(" inside one run or against a fixed limit.\n");
    for (JsonNode result : report.path("results")) {
      String name = result.path("benchmark").asText();
      text.append("\n## %s\n\n%s\n\n".formatted(name, result.path("title").asText()));
      text.append(
          "`%s`, %s, %s\n\n"
              .formatted(
                  result.path("command").asText(),
                  result.path("date").asText(),
                  result.path("machine").asText()));
      text.append("| | measured | bar | holds |\n|---|---|---|---|\n");
      for (JsonNode bar : report.path("bars")) {
        if (bar.path("benchmark").asText().equals(name)) {
          text.append(row(bar));
        }
      }
      text.append("\n```\n");
      result.path("lines").forEach(line -> text.append(line.asText()).append('\n'));
      text.append("```\n");
    }
    return text.toString();
  }

  private static String row(JsonNode bar) {
    return "| %s | %s | %s %s | %s |\n"
        .formatted(
            bar.path("name").asText(),
            number(bar.path("value").asDouble()),
            bar.path("atLeast").asBoolean() ? "≥" : "≤",
            number(bar.path("bar").asDouble()),
            bar.path("holds").asBoolean() ? "yes" : "**no**");
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
