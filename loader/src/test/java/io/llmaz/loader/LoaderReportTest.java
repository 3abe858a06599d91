package io.llmaz.loader;

import static io.llmaz.loader.TestingLoad.LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run tells: lines, events of the task, the termination message. */
final class LoaderReportTest {
  private final Path directory;
  @AutoClose private final TestingLoad load;

  LoaderReportTest(@TempDir Path directory) {
    this.directory = directory;
    load = new TestingLoad(directory);
  }

  @Test
  void run_byTheGateway_reportsItsSummaryForTheTasksEvents() throws IOException {
    Map<String, String> environment = load.p2p();
    environment.put("HOSTNAME", "pod-1");

    assertThat(load.run(environment)).isZero();

    JsonNode report = new ObjectMapper().readTree(load.hub.reports.getFirst());
    assertThat(load.hub.reports).hasSize(1);
    assertThat(report.path("type").asText()).isEqualTo("Normal");
    assertThat(report.path("reason").asText()).isEqualTo("ModelLoaded");
    assertThat(report.path("instance").asText()).isEqualTo("pod-1");
    assertThat(report.path("message").asText()).contains("3 files verified");
  }

  @Test
  void run_wrongBytesOnTheWay_reportsAWarning() throws IOException {
    load.hub.wrongBytes.put("dfdaemon", true);

    assertThat(load.run(load.p2p())).isZero();

    JsonNode report = new ObjectMapper().readTree(load.hub.reports.getFirst());
    assertThat(report.path("type").asText()).isEqualTo("Warning");
  }

  @Test
  void run_failsAfterTheGatewayGaveTheManifest_reportsWhy() throws IOException {
    load.hub.wrongBytes.put("dfdaemon", true);
    load.hub.wrongBytes.put("gateway", true);
    load.hub.wrongBytes.put("hub", true);

    assertThat(load.run(load.p2p())).isNotZero();

    JsonNode report = new ObjectMapper().readTree(load.hub.reports.getFirst());
    assertThat(report.path("reason").asText()).isEqualTo("ModelLoadFailed");
    assertThat(report.path("message").asText()).contains("does not have the digest");
  }

  @Test
  void run_logFormatJson_everyLineIsAnObjectAndTheLastTheSummary() throws IOException {
    assertThat(load.run(List.of("--log-format", "json"), load.p2p())).isZero();

    List<JsonNode> lines = new ArrayList<>();
    for (String line : load.output().lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines.getLast().path("event").asText()).isEqualTo("summary");
    assertThat(lines.getLast().path("dfdaemon").asLong()).isEqualTo(LARGE.length + 2);
    assertThat(lines.getLast().path("verified").asInt()).isEqualTo(3);
  }

  @Test
  void run_badVariable_isSaidInTheTerminationMessage() throws IOException {
    Path message = Files.createFile(directory.resolve("termination-log"));
    Map<String, String> environment = load.plain();
    environment.put("MODEL_SOURCE_TYPE", "ftp");
    environment.put("LLMAZ_TERMINATION_LOG", message.toString());

    assertThat(load.run(environment)).isEqualTo(64);

    assertThat(message).hasContent("unknown model source type ftp");
  }
}
