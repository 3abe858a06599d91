package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * llmaz, Dragonfly and LeaderWorkerSet by one chart, rendered by the real Helm. The charts of the
 * others are not in the package registries; charts of their names that show what they are given
 * stand for them.
 */
@EnabledIf("io.llmaz.integration.Helm#installed")
final class StackChartTest {
  private static final Path CHART = Program.HOME.resolve("charts/llmaz-stack");

  @TempDir Path directory;
  private Path stack;

  @BeforeEach
  void fetchDependencies() throws Exception {
    stack = Files.createDirectory(directory.resolve("llmaz-stack"));
    for (String file : List.of("Chart.yaml", "values.yaml")) {
      Files.copy(CHART.resolve(file), stack.resolve(file));
    }
    var _ =
        Helm.run(
            0,
            List.of("package", Helm.CHART.toString(), "--destination=" + stack.resolve("charts")));
    for (JsonNode dependency : yaml(stack.resolve("Chart.yaml")).path("dependencies")) {
      if (!dependency.path("name").asText().equals("llmaz")) {
        standIn(dependency.path("name").asText(), dependency.path("version").asText());
      }
    }
  }

  @Test
  void template_defaults_haveAllThreeAndLlmazKnowsTheScheduler() throws Exception {
    Map<String, JsonNode> objects = template("enabled");

    assertThat(objects).containsKeys("ConfigMap dragonfly", "ConfigMap lws");
    assertThat(globalConfig(objects).at("/p2p/scheduler").asText())
        .isEqualTo("dragonfly-scheduler:8002");
    JsonNode given =
        new YAMLMapper().readTree(objects.get("ConfigMap dragonfly").at("/data/values").asText());
    assertThat(given.path("fullnameOverride").asText()).isEqualTo("dragonfly");
    assertThat(given.at("/scheduler/config/scheduler/backToSourceCount").asInt()).isOne();
    assertThat(given.at("/client/config/scheduler/announceInterval").asText()).isEqualTo("30s");
    assertThat(given.at("/client/extraVolumes/0/hostPath/path").asText())
        .isEqualTo("/var/lib/dragonfly");
  }

  @Test
  void template_othersSwitchedOff_isLlmazAlone() throws Exception {
    Map<String, JsonNode> objects =
        template(
            "alone",
            "--set=dragonfly.enabled=false,leaderWorkerSet.enabled=false,llmaz.p2p.enabled=false");

    assertThat(objects)
        .containsKey("Deployment llmaz-operator")
        .doesNotContainKeys("ConfigMap dragonfly", "ConfigMap lws");
    assertThat(globalConfig(objects).at("/p2p/enabled").asBoolean()).isFalse();
  }

  private void standIn(String name, String version) throws IOException {
    Path templates = Files.createDirectories(stack.resolve("charts/" + name + "/templates"));
    Files.writeString(
        templates.resolveSibling("Chart.yaml"),
        "apiVersion: v2\nname: %s\nversion: %s\n".formatted(name, version));
    Files.writeString(
        templates.resolve("given.yaml"),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data:
          values: {{ .Values | toJson | quote }}
        """
            .formatted(name));
  }

  private Map<String, JsonNode> template(String name, String... options) throws Exception {
    return Helm.template(stack, directory.resolve(name), options);
  }

  private static JsonNode globalConfig(Map<String, JsonNode> objects) throws IOException {
    return new YAMLMapper()
        .readTree(objects.get("ConfigMap llmaz-global-config").at("/data/config.data").asText());
  }

  private static JsonNode yaml(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }
}
