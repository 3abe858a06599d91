package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaz.local.hub.DemoHub;
import io.llmaz.local.hub.DemoHubConfig;
import io.llmaz.local.hub.ModelRepository;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.S3Server;
import io.llmaz.parts.Tools;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Folders through Dragonfly's own dfdaemon: of a hub that is ours, of a real S3 server. */
@Timeout(60)
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealDfgetFolderIT {
  private static final String TOKEN = DemoHub.newToken();

  private final byte[] weights = new byte[9_000_001];
  private Path directory = Path.of("");
  private Path output = Path.of("");
  private DemoHub hub;
  private SchedulerServer scheduler;
  private Dfdaemon dfdaemon;

  @BeforeAll
  void startAll(@TempDir Path shared) throws IOException {
    directory = shared;
    new Random(12).nextBytes(weights);
    Path model = directory.resolve("model");
    Files.createDirectories(model.resolve("onnx"));
    Files.write(model.resolve("onnx/model.onnx"), weights);
    Files.writeString(model.resolve("config.json"), "{\"v\": 1}");
    hub =
        DemoHub.start(
            DemoHubConfig.of(
                List.of(
                    new ModelRepository("org/open", model, Optional.empty()),
                    new ModelRepository("org/gated", model, Optional.of(TOKEN))),
                List.of(),
                Files.createDirectory(directory.resolve("work"))));
    scheduler =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    dfdaemon = new Dfdaemon(directory, "dfget-folder", false, scheduler.port());
  }

  @BeforeEach
  void newOutput(TestInfo test) throws IOException {
    output = Files.createDirectory(directory.resolve(test.getTestMethod().orElseThrow().getName()));
  }

  @AfterAll
  void stopAll() throws Exception {
    dfdaemon.close();
    scheduler.close();
    hub.close();
  }

  @Test
  void dfget_repositoryOfTheHub_arrivesWhole() throws IOException {
    DfgetRun run = dfget("hf://org/open/", "--progress", "json");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(output.resolve("config.json")).hasContent("{\"v\": 1}");
    assertThat(output.resolve("onnx/model.onnx")).hasBinaryContent(weights);
    assertThat(run.events("done"))
        .extracting(event -> event.path("file").asText())
        .containsExactlyInAnyOrder("config.json", "onnx/model.onnx");
  }

  @Test
  void dfget_partOfTheRepository_arrivesAlone() throws IOException {
    DfgetRun run = dfget("hf://models/org/open/", "-I", "onnx/", "--transfer-from-dfdaemon");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(files()).containsExactly("onnx/model.onnx");
    assertThat(output.resolve("onnx/model.onnx")).hasBinaryContent(weights);
  }

  @Test
  void dfget_gatedRepositoryWithItsToken_arrivesWhole() throws IOException {
    DfgetRun run = dfget("hf://org/gated/", "--hf-token", TOKEN, "--tag", "with");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(files()).containsExactly("config.json", "onnx/model.onnx");
  }

  @Test
  void dfget_gatedRepositoryWithoutAToken_failsNamingAFile() throws IOException {
    DfgetRun run = dfget("hf://org/gated/", "--tag", "without");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).containsPattern("config.json: |onnx/model.onnx: ").contains("401");
    assertThat(files()).isEmpty();
  }

  @Test
  void dfget_repositoryThatIsNotThere_fails() {
    DfgetRun run = dfget("hf://org/none/", "--hf-token", TOKEN);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("404").doesNotContain(TOKEN);
  }

  @Test
  void dfget_anEarlierCommit_isWhatArrives() throws IOException {
    Path model = Files.createDirectory(directory.resolve("changing"));
    Files.writeString(model.resolve("config.json"), "earlier");
    hub.push(new ModelRepository("org/changing", model, Optional.empty()));
    String earlier = hub.commit("org/changing");
    Path later = Files.createDirectory(directory.resolve("changed"));
    Files.writeString(later.resolve("config.json"), "later");
    hub.push(new ModelRepository("org/changing", later, Optional.empty()));

    DfgetRun run = dfget("hf://org/changing", "-r", "--hf-revision", earlier);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(output.resolve("config.json")).hasContent("earlier");
  }

  @Test
  void dfget_withDragonflysOwnBinary_arrivesWhole() throws IOException {
    Path binary = Tools.find("dfget").orElseThrow();

    DfgetRun run =
        dfget("hf://org/gated/", "--engine-binary", binary.toString(), "--hf-token", TOKEN);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(output.resolve("onnx/model.onnx")).hasBinaryContent(weights);
  }

  @Test
  void dfget_folderOfABucket_arrivesWhole() throws Exception {
    try (S3Server s3 = bucket()) {
      DfgetRun run = dfget("s3://models/a/", access(s3));

      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(files()).containsExactly("b c/weights.bin", "config.json");
      assertThat(output.resolve("b c/weights.bin")).hasBinaryContent(weights);
    }
  }

  @Test
  void dfget_everyCommandOfTheDocument_works() throws Exception {
    List<String> document =
        Files.readAllLines(
            Path.of(System.getProperty("project.root", "..")).resolve("docs/model-loader.md"));
    List<String> commands =
        document.stream().filter(line -> line.startsWith("./llmaz dfget ")).toList();
    assertThat(commands).hasSizeGreaterThan(2);
    try (S3Server s3 = bucket()) {
      for (String command : commands) {
        Path folder = Files.createTempDirectory(output, "");
        String ours =
            command
                .substring("./llmaz dfget ".length())
                .replace("OWNER/NAME", "org/open")
                .replace("BUCKET/PREFIX", "models/a")
                .replace("URL", s3.endpoint().toString())
                .replace("REGION", S3Server.REGION)
                .replace("FOLDER", folder.toString())
                .replace("'", "");
        Stream<Object> place =
            Stream.of("-e", dfdaemon.socket(), "--hf-base-url", hub.hubAddress());
        DfgetRun run =
            DfgetRun.of(
                Stream.of(Stream.of(ours.split(" ")), place, Stream.of(access(s3)).skip(4))
                    .flatMap(arguments -> arguments)
                    .toArray());
        assertThat(run.exit()).as(command + ": " + run.err()).isZero();
        assertThat(folder.resolve("config.json")).exists();
      }
    }
  }

  private S3Server bucket() throws Exception {
    assumeTrue(S3Server.installed(), "versitygw is not on this machine");
    S3Server s3 = new S3Server(Files.createTempDirectory(directory, "s3"), "key-id", "key-secret");
    try {
      var _ = s3.bucket("models");
      s3.put("models", "a/b%20c/weights.bin", weights);
      s3.put("models", "a/config.json", new byte[] {1});
      s3.put("models", "other/file", new byte[] {2});
      return s3;
    } catch (IOException e) {
      s3.close();
      throw e;
    }
  }

  private static String[] access(S3Server s3) {
    return new String[] {
      "--storage-endpoint",
      s3.endpoint().toString(),
      "--storage-region",
      S3Server.REGION,
      "--storage-access-key-id",
      "key-id",
      "--storage-access-key-secret",
      "key-secret"
    };
  }

  private DfgetRun dfget(String url, String... more) {
    return DfgetRun.of(
        Stream.concat(
                Stream.of(
                    url, "-O", output, "-e", dfdaemon.socket(), "--hf-base-url", hub.hubAddress()),
                Stream.of(more))
            .toArray());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> output.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
