package io.llmaz.loader;

import static io.llmaz.loader.TestingLoad.LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gives the bytes, and who instead when he does not. */
final class LoaderWaysTest {
  private final Path directory;
  @AutoClose private final TestingLoad load;

  LoaderWaysTest(@TempDir Path directory) {
    this.directory = directory;
    load = new TestingLoad(directory);
  }

  @Test
  void run_withEverythingThere_comesFromTheDaemonOnly() throws IOException {
    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("hub"));
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("gateway /v1/blobs"));
  }

  @Test
  void run_daemonFails_stepsDownToTheGatewayAndSaysSo() throws IOException {
    load.hub.status.put("dfdaemon", 500);

    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.output()).contains("step-down: dfdaemon did not give");
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("hub"));
  }

  @Test
  void run_noDaemonAtTheSocket_stepsDownToItsProxyAndSaysSo() throws IOException {
    Map<String, String> environment = load.p2p();
    environment.put("LLMAZ_DFDAEMON_SOCKET", directory.resolve("no.sock").toString());

    assertThat(load.run(environment)).isZero();

    load.assertPublished();
    assertThat(load.output())
        .contains("step-down: dfdaemon-link did not give")
        .contains("no daemon");
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("gateway /v1/blobs"));
  }

  @Test
  void run_noGateway_loadsFromTheHubItself() throws IOException {
    load.hub.status.put("gateway", 404);
    load.hub.status.put("dfdaemon", 404);

    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.output()).contains("no manifest from the gateway");
  }

  @Test
  void run_noGateway_theDaemonReadsTheHub() throws IOException {
    load.hub.status.put("gateway", 404);

    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.hub.asked)
        .anyMatch(a -> a.startsWith("dfdaemon /f/f/resolve/c0ffee/model.bin"));
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("hub /f/f/resolve"));
  }

  @Test
  void run_noGatewayButAToken_theDaemonDoesNotSeeIt() throws IOException {
    load.hub.status.put("gateway", 404);
    Map<String, String> environment = load.p2p();
    environment.put("HF_TOKEN", "hf_x");

    assertThat(load.run(environment)).isZero();

    load.assertPublished();
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("dfdaemon"));
  }

  @Test
  void run_withoutP2p_loadsFromTheHub() throws IOException {
    assertThat(load.run(load.plain())).isZero();

    load.assertPublished();
  }

  @Test
  void run_seedsFilledByTheManager_asksTheDaemonByTheGatewaysAddresses() {
    Map<String, String> environment = load.p2p();
    environment.put("LLMAZ_TASK_KEYS", "addresses");

    assertThat(load.run(environment)).isZero();

    assertThat(load.hub.taskKeys)
        .isNotEmpty()
        .allMatch(key -> key.startsWith(load.hub.uri() + "/v1/blobs/") && key.endsWith("STANDARD"));
  }

  @Test
  void run_objectStore_comesThroughTheGatewaysTask() throws IOException {
    Map<String, String> environment = load.objectStore("models/f--f/");

    assertThat(load.run(environment)).isZero();

    load.assertPublished();
    assertThat(load.hub.asked).noneMatch(a -> a.startsWith("hub"));
  }

  @Test
  void run_weightsFileOfAnObjectStore_liesAtTheRoot() {
    assertThat(load.run(load.objectStore("models/f.gguf"))).isZero();

    assertThat(directory.resolve("models/model.bin")).hasBinaryContent(LARGE);
  }

  @Test
  void run_objectStoreAndTheGatewayIsAway_saysThatNobodyElseReadsIt() {
    load.hub.status.put("gateway", 404);

    assertThat(load.run(load.objectStore("models/f"))).isNotZero();

    assertThat(load.output()).contains("which alone reads the object store");
  }

  @Test
  void run_objectStoreWithoutP2p_namesWhatIsMissing() {
    Map<String, String> environment = load.objectStore("models/f");
    environment.remove("LLMAZ_TASK");

    assertThat(load.run(environment)).isEqualTo(64);
  }

  @Test
  void run_modelScope_loadsItsDefaultBranch() throws IOException {
    Map<String, String> environment = load.plain();
    environment.put("MODEL_HUB_NAME", "ModelScope");
    environment.put("MODELSCOPE_ENDPOINT", load.hub.uri().toString());

    assertThat(load.run(environment)).as(load.output()).isZero();

    load.assertPublished();
    assertThat(load.hub.asked)
        .anyMatch(a -> a.startsWith("hub /models/f/f/resolve/master/model.bin"));
  }

  @Test
  void run_singleFile_isPublishedAtTheRoot() {
    Map<String, String> environment = load.plain();
    environment.put("MODEL_FILENAME", "model.bin");

    assertThat(load.run(environment)).isZero();

    assertThat(directory.resolve("models/model.bin")).hasBinaryContent(LARGE);
  }
}
