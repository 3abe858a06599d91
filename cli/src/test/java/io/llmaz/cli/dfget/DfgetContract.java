package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmaz.dragonfly.TaskIds;
import io.llmaz.parts.Tools;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code llmaz dfget} does with any daemon. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DfgetContract {
  private final byte[] content = new byte[9_000_001];

  private Path directory = Path.of("");
  private TestingOrigin origin;
  private SchedulerServer scheduler;
  private Daemon daemon;
  private Path folder = Path.of("");
  private Path output = Path.of("");
  private DfgetRun run = new DfgetRun(0, "", "");

  /** A daemon and the unix socket it serves dfget at. */
  record Daemon(Path socket, AutoCloseable process) {}

  /** Starts a daemon that keeps its files in the folder. */
  abstract Daemon startDaemon(Path folder, InetSocketAddress scheduler) throws Exception;

  @BeforeAll
  void startAll(@TempDir Path shared) throws Exception {
    directory = shared;
    new Random(11).nextBytes(content);
    origin = new TestingOrigin(content);
    scheduler =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    daemon =
        startDaemon(
            Files.createDirectory(directory.resolve("daemon")),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), scheduler.port()));
  }

  @BeforeEach
  void newFile(TestInfo test) throws IOException {
    String name = test.getTestMethod().orElseThrow().getName();
    folder = Files.createDirectory(directory.resolve(name));
    output = folder.resolve("output");
  }

  @AfterAll
  void stopAll() throws Exception {
    daemon.process().close();
    scheduler.close();
    origin.close();
  }

  @Test
  void dfget_aFile_arrivesWhole() throws IOException {
    assertThat(dfget("/file", "--digest", sha256())).as(run.err()).isZero();

    assertThat(output).hasBinaryContent(content);
  }

  @Test
  void dfget_progressJson_everyLineIsAnObjectAndTheLastTellsAll() throws IOException {
    assertThat(dfget("/file", "--progress", "json", "--content-for-calculating-task-id", "k/1"))
        .as(run.err())
        .isZero();

    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines.getLast().path("event").asText()).isEqualTo("done");
    assertThat(lines.getLast().path("bytes").asLong()).isEqualTo(content.length);
    assertThat(lines.getLast().path("taskId").asText()).isEqualTo(TaskIds.ofContent("k/1"));
  }

  @Test
  void dfget_transferFromDfdaemon_arrivesWholeAndLeavesNothingBeside() throws IOException {
    assertThat(dfget("/file", "--transfer-from-dfdaemon", "--digest", sha256()))
        .as(run.err())
        .isZero();

    assertThat(output).hasBinaryContent(content);
    assertOnlyTheOutput(true);
  }

  @Test
  void dfget_transferWithAnotherDigest_failsAndLeavesNothing() throws IOException {
    assertThat(dfget("/file", "--transfer-from-dfdaemon", "--digest", "sha256:" + "0".repeat(64)))
        .isEqualTo(1);

    assertOnlyTheOutput(false);
  }

  @Test
  void dfget_headers_reachTheSource() {
    assertThat(dfget("/file", "-H", "X-Mine: yes")).as(run.err()).isZero();

    assertThat(origin.asked).anyMatch(a -> a.startsWith("/file") && a.endsWith(" yes"));
  }

  @Test
  void dfget_missingAtTheSource_failsAndLeavesNothing() throws IOException {
    assertThat(dfget("/missing", "--attempts", "1")).isEqualTo(1);

    assertThat(run.err()).contains("404");
    assertOnlyTheOutput(false);
  }

  @Test
  void dfget_outputExists_isRefusedUnlessItMayOverwrite() throws IOException {
    Files.writeString(output, "mine");

    assertThat(dfget("/file")).isEqualTo(1);
    assertThat(output).hasContent("mine");
    assertThat(run.err()).contains("--overwrite");

    assertThat(dfget("/file", "--overwrite")).as(run.err()).isZero();
    assertThat(output).hasBinaryContent(content);
  }

  @Test
  void dfget_noDaemon_failsAfterItsAttempts() {
    assertThat(dfget("/file", "--endpoint", directory.resolve("no.sock").toString())).isEqualTo(1);

    assertThat(run.err()).contains("attempt 2 failed").contains("no daemon listens");
  }

  @Test
  void dfget_withDragonflysOwnBinary_arrivesWhole() throws IOException {
    Path binary = dragonflysDfget();

    assertThat(dfget("/file", "--engine-binary", binary.toString(), "--digest", sha256()))
        .as(run.err())
        .isZero();

    assertThat(output).hasBinaryContent(content);
  }

  @Test
  void dfget_withDragonflysOwnBinaryAndNoDaemon_tellsItsReason() {
    Path binary = dragonflysDfget();

    assertThat(
            dfget(
                "/file",
                "--engine-binary",
                binary.toString(),
                "--endpoint",
                directory.resolve("no.sock").toString()))
        .isEqualTo(1);

    assertThat(run.err()).contains("ended with 1");
  }

  /** Where its daemon listens. */
  Path socket() {
    return daemon.socket();
  }

  private static Path dragonflysDfget() {
    return Tools.find("dfget").orElseGet(() -> abort("Dragonfly's dfget is not on this machine"));
  }

  private int dfget(String path, String... more) {
    List<String> arguments = new ArrayList<>(List.of(url(path), "-O", output.toString()));
    if (!List.of(more).contains("--endpoint")) {
      arguments.addAll(List.of("--endpoint", daemon.socket().toString()));
    }
    arguments.addAll(List.of(more));
    run = DfgetRun.of(arguments.toArray());
    return run.exit();
  }

  /** Another task for each test. */
  private String url(String path) {
    return origin.url(path) + "?" + folder.getFileName();
  }

  private void assertOnlyTheOutput(boolean there) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactlyElementsOf(there ? List.of(output) : List.of());
    }
  }

  private String sha256() {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, content.length);
    hasher.update(content, 0, content.length);
    return hasher.digest().toString();
  }
}
