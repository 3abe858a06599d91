package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.llmaz.parts.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real Helm, as administrators call it. */
final class Helm {
  /** The chart of this project. */
  static final Path CHART = Program.HOME.resolve("charts/llmaz");

  private Helm() {}

  static boolean installed() {
    return Tools.installed("helm");
  }

  /** Runs it to its end, which must be this one, and gives what it printed. */
  static String run(int status, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Tools.find("helm").orElseThrow().toString());
    command.addAll(arguments);
    Program.End end = Program.run(command);
    assertThat(end.status()).as(end.output()).isEqualTo(status);
    return end.output();
  }

  /** What a chart renders, by kind and name, such as {@code ConfigMap a}. */
  static Map<String, JsonNode> template(Path chart, Path into, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "template",
                "llmaz",
                chart.toString(),
                "--namespace=llmaz-system",
                "--kube-version=1.34.2",
                "--output-dir=" + into));
    arguments.addAll(List.of(options));
    var _ = run(0, arguments);
    Map<String, JsonNode> objects = new HashMap<>();
    try (Stream<Path> files = Files.walk(into)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        new YAMLMapper()
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(file.toFile())
            .forEachRemaining(object ->
                objects.put(
                    object.path("kind").asText() + " " + object.at("/metadata/name").asText(),
                    object));
      }
    }
    return objects;
  }
}
