package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmaz.source.ManifestFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs against a hand-made hub, gateway and daemon. The repository is called f/f. */
final class ModelLoaderTest {
  private static final byte[] LARGE = random(1_500_000);

  @TempDir Path directory;
  private final TestingHub hub = new TestingHub();
  private String output = "";

  @BeforeEach
  void fill() {
    hub.files.put("model.bin", LARGE);
    hub.files.put("sub/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    hub.files.put("empty", new byte[0]);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void run_withEverythingThere_comesFromTheDaemonOnly() throws IOException {
    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(hub.asked).noneMatch(a -> a.startsWith("hub"));
    assertThat(hub.asked).noneMatch(a -> a.startsWith("gateway /v1/blobs"));
  }

  @Test
  void run_daemonFails_stepsDownToTheGatewayAndSaysSo() throws IOException {
    hub.status.put("dfdaemon", 500);

    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(output).contains("step-down: dfdaemon did not give");
    assertThat(hub.asked).noneMatch(a -> a.startsWith("hub"));
  }

  @Test
  void run_byTheGateway_reportsItsSummaryForTheTasksEvents() throws IOException {
    Map<String, String> environment = p2p();
    environment.put("HOSTNAME", "pod-1");

    assertThat(run(environment)).isZero();

    JsonNode report = new ObjectMapper().readTree(hub.reports.getFirst());
    assertThat(hub.reports).hasSize(1);
    assertThat(report.path("type").asText()).isEqualTo("Normal");
    assertThat(report.path("reason").asText()).isEqualTo("ModelLoaded");
    assertThat(report.path("instance").asText()).isEqualTo("pod-1");
    assertThat(report.path("message").asText()).contains("3 files verified");
  }

  @Test
  void run_wrongBytesOnTheWay_reportsAWarning() throws IOException {
    hub.wrongBytes.put("dfdaemon", true);

    assertThat(run(p2p())).isZero();

    JsonNode report = new ObjectMapper().readTree(hub.reports.getFirst());
    assertThat(report.path("type").asText()).isEqualTo("Warning");
  }

  @Test
  void run_failsAfterTheGatewayGaveTheManifest_reportsWhy() throws IOException {
    hub.wrongBytes.put("dfdaemon", true);
    hub.wrongBytes.put("gateway", true);
    hub.wrongBytes.put("hub", true);

    assertThat(run(p2p())).isNotZero();

    JsonNode report = new ObjectMapper().readTree(hub.reports.getFirst());
    assertThat(report.path("reason").asText()).isEqualTo("ModelLoadFailed");
    assertThat(report.path("message").asText()).contains("does not have the digest");
  }

  @Test
  void run_noDaemonAtTheSocket_stepsDownToItsProxyAndSaysSo() throws IOException {
    Map<String, String> environment = p2p();
    environment.put("LLMAZ_DFDAEMON_SOCKET", directory.resolve("no.sock").toString());

    assertThat(run(environment)).isZero();

    assertPublished();
    assertThat(output).contains("step-down: dfdaemon-link did not give").contains("no daemon");
    assertThat(hub.asked).noneMatch(a -> a.startsWith("gateway /v1/blobs"));
  }

  @Test
  void run_objectStore_comesThroughTheGatewaysTask() throws IOException {
    Map<String, String> environment = objectStore("models/f--f/");

    assertThat(run(environment)).isZero();

    assertPublished();
    assertThat(hub.asked).noneMatch(a -> a.startsWith("hub"));
  }

  @Test
  void run_weightsFileOfAnObjectStore_liesAtTheRoot() {
    assertThat(run(objectStore("models/f.gguf"))).isZero();

    assertThat(directory.resolve("models/model.bin")).hasBinaryContent(LARGE);
  }

  @Test
  void run_objectStoreAndTheGatewayIsAway_saysThatNobodyElseReadsIt() {
    hub.status.put("gateway", 404);

    assertThat(run(objectStore("models/f"))).isNotZero();

    assertThat(output).contains("which alone reads the object store");
  }

  @Test
  void run_objectStoreWithoutP2p_namesWhatIsMissing() {
    Map<String, String> environment = objectStore("models/f");
    environment.remove("LLMAZ_TASK");

    assertThat(run(environment)).isEqualTo(64);
  }

  @Test
  void run_noGateway_loadsFromTheHubItself() throws IOException {
    hub.status.put("gateway", 404);
    hub.status.put("dfdaemon", 404);

    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(output).contains("no manifest from the gateway");
  }

  @Test
  void run_noGateway_theDaemonReadsTheHub() throws IOException {
    hub.status.put("gateway", 404);

    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(hub.asked).anyMatch(a -> a.startsWith("dfdaemon /f/f/resolve/c0ffee/model.bin"));
    assertThat(hub.asked).noneMatch(a -> a.startsWith("hub /f/f/resolve"));
  }

  @Test
  void run_noGatewayButAToken_theDaemonDoesNotSeeIt() throws IOException {
    hub.status.put("gateway", 404);
    Map<String, String> environment = p2p();
    environment.put("HF_TOKEN", "hf_x");

    assertThat(run(environment)).isZero();

    assertPublished();
    assertThat(hub.asked).noneMatch(a -> a.startsWith("dfdaemon"));
  }

  @Test
  void run_withoutP2p_loadsFromTheHub() throws IOException {
    assertThat(run(plain())).isZero();

    assertPublished();
  }

  @Test
  void run_wrongBytesFromPeers_areNeverPublishedAndRefetched() throws IOException {
    hub.wrongBytes.put("dfdaemon", true);

    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(output).contains("mismatch: dfdaemon gave wrong bytes for model.bin");
    // The gateway would else give what a seed has, which may be where the wrong bytes come from.
    assertThat(hub.askedOfTheSource).contains("gateway /v1/blobs/f/model.bin");
  }

  @Test
  void run_wrongBytesFromEveryWay_failsAndPublishesNothing() {
    for (String player : new String[] {"dfdaemon", "gateway", "hub"}) {
      hub.wrongBytes.put(player, true);
    }

    assertThat(run(p2p())).isEqualTo(65);

    assertThat(model().resolve("model.bin")).doesNotExist();
    assertThat(output).contains("does not have the digest");
  }

  @Test
  void run_hubGivesWrongBytesAndNobodyElseIsThere_asksThreeTimesAndNamesIt() {
    hub.wrongBytes.put("hub", true);
    hub.files.keySet().retainAll(List.of("model.bin"));

    assertThat(run(plain())).isEqualTo(65);

    assertThat(hub.asked).filteredOn(a -> a.contains("model.bin")).hasSize(3);
    assertThat(output).contains("promises (wrong 3 times, by way of hub, hub, hub)");
    assertThat(model().resolve("model.bin")).doesNotExist();
  }

  @Test
  void run_wrongStartOfAnEarlierRun_isNotBlamedOnTheWayThatEndsIt() throws IOException {
    byte[] wrong = LARGE.clone();
    wrong[0] ^= 1;
    leavePartial(wrong, 1_000_000);

    assertThat(run(plain())).isZero();

    assertPublished();
    assertThat(output).contains("mismatch: hub gave wrong bytes for model.bin");
  }

  @Test
  void run_noDaemonForgets_saysSoAndGoesOn() throws IOException {
    hub.wrongBytes.put("dfdaemon", true);
    Map<String, String> environment = p2p();
    environment.put("LLMAZ_DFDAEMON_UPLOAD_PORT", "1");

    assertThat(run(environment)).isZero();

    assertPublished();
    assertThat(output).contains("could not be removed from 127.0.0.1:1");
  }

  @Test
  void run_seedsFilledByTheManager_asksTheDaemonByTheGatewaysAddresses() {
    Map<String, String> environment = p2p();
    environment.put("LLMAZ_TASK_KEYS", "addresses");

    assertThat(run(environment)).isZero();

    assertThat(hub.taskKeys)
        .isNotEmpty()
        .allMatch(key -> key.startsWith(hub.uri() + "/v1/blobs/") && key.endsWith("STANDARD"));
  }

  @Test
  void run_unknownTaskKeys_endsWithUsage() {
    Map<String, String> environment = p2p();
    environment.put("LLMAZ_TASK_KEYS", "names");

    assertThat(run(environment)).isEqualTo(64);
    assertThat(output).contains("LLMAZ_TASK_KEYS is content or addresses, not names");
  }

  @Test
  void run_anotherLoaderAtWork_waitsForItAndDoesNothing() throws Exception {
    run(p2p());
    Path marker = model().resolve(".llmaz/f-f/complete.json");
    byte[] complete = Files.readAllBytes(marker);
    Files.delete(marker);
    hub.asked.clear();
    CompletableFuture<Integer> second;
    try (DirectoryLock first = new ModelDirectory(model(), "f/f").lock(() -> {})) {
      second = CompletableFuture.supplyAsync(() -> Main.run(p2p()));
      await().until(() -> !hub.asked.isEmpty());
      Files.write(marker, complete);
    }

    assertThat(second.get(10, TimeUnit.SECONDS)).isZero();
    assertThat(hub.asked).containsExactly("gateway /v1/tasks/model-f/manifest");
  }

  @Test
  void run_logFormatJson_everyLineIsAnObjectAndTheLastTheSummary() throws IOException {
    assertThat(run(List.of("--log-format", "json"), p2p())).isZero();

    List<JsonNode> lines = new ArrayList<>();
    for (String line : output.lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines.getLast().path("event").asText()).isEqualTo("summary");
    assertThat(lines.getLast().path("dfdaemon").asLong()).isEqualTo(LARGE.length + 2);
    assertThat(lines.getLast().path("verified").asInt()).isEqualTo(3);
  }

  @Test
  void run_unknownArgument_exits64() {
    assertThat(run(List.of("--fast"), p2p())).isEqualTo(64);
    assertThat(output).contains("unknown argument --fast");
  }

  @Test
  void run_fullDisk_saysSoAndKeepsWhatArrived() throws Exception {
    // A tmpfs of our own where we may mount one; the check of free space is told of more.
    Path mount = Files.createDirectories(directory.resolve("small"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=1m", "llmaz-test", mount.toString()) == 0,
        "mounting is not allowed here");
    try {
      ManifestFile file =
          ManifestFile.verified("model.bin", LARGE.length, TestingHub.sha256(LARGE));
      ModelDirectory place = new ModelDirectory(mount, "f/f");
      LoadReport report = new LoadReport(System.out, false, InstantSource.system());
      Way way = new Way("hub", (f, range) -> new ByteArrayInputStream(LARGE));

      assertThatThrownBy(() ->
              new FileLoad(place, "hf://f/f", Optional.empty(), List.of(way), report).load(file))
          .isInstanceOf(LoaderException.class)
          .hasMessageContaining("model.bin")
          .hasMessageContaining("the disk is full");

      assertThat(PartialFile.left(place.partialFiles(), file)).isGreaterThan(500_000);
      assertThat(mount.resolve("model.bin")).doesNotExist();
    } finally {
      command("umount", mount.toString());
    }
  }

  private static int command(String... words) throws Exception {
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void run_hubRefuses_exits77() {
    hub.status.put("hub", 401);

    assertThat(run(plain())).isEqualTo(77);
    assertThat(output).contains("f/f");
  }

  @Test
  void run_hubIsDown_exits69() {
    hub.close();

    assertThat(run(plain())).isEqualTo(69);
  }

  @Test
  void run_again_doesNothing() {
    run(p2p());
    hub.asked.clear();

    assertThat(run(p2p())).isZero();

    assertThat(hub.asked).containsExactly("gateway /v1/tasks/model-f/manifest");
    assertThat(output).contains("complete already");
  }

  @Test
  void run_afterAnotherRevision_removesWhatItLeftAndNothingElse() throws IOException {
    run(p2p());
    Files.writeString(model().resolve("mine.txt"), "not the loader's");
    hub.files.remove("sub/config.json");

    assertThat(run(p2p())).isZero();

    assertThat(model().resolve("sub/config.json")).doesNotExist();
    assertThat(model().resolve("mine.txt")).exists();
  }

  @Test
  void run_afterAKill_goesOnWhereItStopped() throws IOException {
    leavePartial(LARGE, 1_000_000);

    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(hub.asked).anyMatch(a -> a.endsWith("bytes=1000000-1499999"));
  }

  @Test
  void run_afterAKillBetweenFiles_keepsTheWholeOnesAndRefetchesTheWrongOnes() throws IOException {
    run(p2p());
    Files.delete(model().resolve(".llmaz/f-f/complete.json"));
    Files.writeString(model().resolve("sub/config.json"), "[]");
    hub.asked.clear();

    assertThat(run(p2p())).isZero();

    assertPublished();
    assertThat(hub.asked).noneMatch(a -> a.contains("model.bin"));
    assertThat(hub.asked).anyMatch(a -> a.contains("sub/config.json"));
  }

  @Test
  void checkSpace_notEnough_saysHowMuchIsMissing() {
    ManifestFile huge =
        ManifestFile.verified("huge", Long.MAX_VALUE / 2, TestingHub.sha256(new byte[1]));
    ModelDirectory place = new ModelDirectory(model(), "f/f");

    assertThatThrownBy(() -> ModelLoader.checkSpace(List.of(huge), place))
        .hasMessageContaining("are missing");
  }

  @Test
  void run_ownFolderIsALink_isRefused() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(model());
    Files.createSymbolicLink(model().resolve(".llmaz"), outside);

    assertThat(run(p2p())).isEqualTo(74);

    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void run_fileInTheLoadersOwnFolder_isRefused() {
    hub.files.put(".llmaz/f-f/complete.json", new byte[1]);

    assertThat(run(p2p())).isEqualTo(77);
  }

  @Test
  void run_badVariable_isSaidInTheTerminationMessage() throws IOException {
    Path message = Files.createFile(directory.resolve("termination-log"));
    Map<String, String> environment = plain();
    environment.put("MODEL_SOURCE_TYPE", "ftp");
    environment.put("LLMAZ_TERMINATION_LOG", message.toString());

    assertThat(run(environment)).isEqualTo(64);

    assertThat(message).hasContent("unknown model source type ftp");
  }

  @Test
  void run_aLinkInsteadOfADirectory_isRefused() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(model());
    Files.createSymbolicLink(model().resolve("sub"), outside);

    assertThat(run(p2p())).isEqualTo(74);

    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void run_aThousandSmallFiles_comeByOneRequest() throws IOException {
    putSmallFiles(1000);

    assertThat(run(p2p())).isZero();

    assertSmallFiles(1000);
    assertThat(hub.asked).noneMatch(a -> a.contains("many/"));
    assertThat(hub.asked).filteredOn(a -> a.contains("/bundle")).hasSize(1);
    assertThat(output).contains("1003 files verified, 0 unverified, 0 mismatches");
  }

  @Test
  void run_gatewayWithoutBundles_asksForEachFile() throws IOException {
    putSmallFiles(50);
    hub.bundles = false;

    assertThat(run(p2p())).isZero();

    assertSmallFiles(50);
    assertThat(output).contains("no bundle of small files");
  }

  @Test
  void run_bundleBreaksOffAndHoldsWrongBytes_theRestComesByItself() throws IOException {
    putSmallFiles(200);
    hub.status.put("bundle", 0);
    hub.wrongBytes.put("bundle", true);

    assertThat(run(p2p())).isZero();

    assertSmallFiles(200);
    assertThat(hub.asked).anyMatch(a -> a.endsWith("many/199"));
    assertThat(hub.asked).anyMatch(a -> a.endsWith("many/107"));
    assertThat(hub.asked).noneMatch(a -> a.endsWith("many/108"));
  }

  private void putSmallFiles(int count) {
    for (int i = 0; i < count; i++) {
      hub.files.put("many/" + i, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void assertSmallFiles(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(model().resolve("many/" + i)).hasContent(Integer.toString(i));
    }
  }

  @Test
  void run_modelScope_loadsItsDefaultBranch() throws IOException {
    Map<String, String> environment = plain();
    environment.put("MODEL_HUB_NAME", "ModelScope");
    environment.put("MODELSCOPE_ENDPOINT", hub.uri().toString());

    assertThat(run(environment)).as(output).isZero();

    assertPublished();
    assertThat(hub.asked).anyMatch(a -> a.startsWith("hub /models/f/f/resolve/master/model.bin"));
  }

  @Test
  void run_unknownHub_exits64InLlmazWords() {
    Map<String, String> environment = plain();
    environment.put("MODEL_HUB_NAME", "Elsewhere");

    assertThat(run(environment)).isEqualTo(64);
    assertThat(output).contains("Unknown model hub: Elsewhere");
  }

  @Test
  void run_withoutModelId_exits64() {
    Map<String, String> environment = plain();
    environment.remove("MODEL_ID");

    assertThat(run(environment)).isEqualTo(64);
    assertThat(output).contains("MODEL_ID is not set");
  }

  @Test
  void run_singleFile_isPublishedAtTheRoot() {
    Map<String, String> environment = plain();
    environment.put("MODEL_FILENAME", "model.bin");

    assertThat(run(environment)).isZero();

    assertThat(directory.resolve("models/model.bin")).hasBinaryContent(LARGE);
  }

  private void leavePartial(byte[] bytes, int length) throws IOException {
    ManifestFile file = ManifestFile.verified("model.bin", LARGE.length, TestingHub.sha256(LARGE));
    ModelDirectory place = new ModelDirectory(model(), "f/f");
    try (PartialFile partial = PartialFile.open(place.partialFiles(), file)) {
      for (int at = 0; at < length; at += 100_000) {
        byte[] buffer = partial.buffer();
        System.arraycopy(bytes, at, buffer, 0, 100_000);
        partial.append(buffer, 100_000);
      }
    }
  }

  private void assertPublished() throws IOException {
    assertThat(model().resolve("model.bin")).hasBinaryContent(LARGE);
    assertThat(model().resolve("sub/config.json")).hasContent("{}");
    assertThat(model().resolve("empty")).isEmptyFile();
    try (Stream<Path> own = Files.walk(model().resolve(".llmaz"))) {
      assertThat(own.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("complete.json", "lock");
    }
  }

  private Path model() {
    return directory.resolve("models/models--f--f");
  }

  private Map<String, String> plain() {
    Map<String, String> environment = new HashMap<>();
    environment.put("MODEL_SOURCE_TYPE", "modelhub");
    environment.put("MODEL_ID", "f/f");
    environment.put("HF_ENDPOINT", hub.uri().toString());
    environment.put("LLMAZ_MODEL_ROOT", directory.resolve("models").toString());
    return environment;
  }

  private Map<String, String> p2p() {
    Map<String, String> environment = plain();
    Path token = directory.resolve("token");
    try {
      Files.writeString(token, "t");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    environment.put("LLMAZ_TASK", "model-f");
    environment.put("LLMAZ_GATEWAY", hub.uri().toString());
    environment.put("LLMAZ_GATEWAY_TOKEN_FILE", token.toString());
    environment.put("LLMAZ_NODE_IP", "127.0.0.1");
    environment.put("LLMAZ_DFDAEMON_PROXY_PORT", Integer.toString(hub.uri().getPort()));
    return environment;
  }

  private Map<String, String> objectStore(String path) {
    Map<String, String> environment = p2p();
    environment.remove("MODEL_ID");
    environment.put("MODEL_SOURCE_TYPE", "objstore");
    environment.put("PROVIDER", "S3");
    environment.put("BUCKET", "b");
    environment.put("MODEL_PATH", path);
    return environment;
  }

  private int run(Map<String, String> environment) {
    return run(List.of(), environment);
  }

  private int run(List<String> arguments, Map<String, String> environment) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      System.setErr(captured);
      return Main.run(arguments, environment);
    } finally {
      System.setOut(out);
      System.setErr(err);
      output = bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
