package io.llmaz.loader;

import static io.llmaz.loader.TestingLoad.LARGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that find what others left in their folder. */
final class LoaderRestartTest {
  @AutoClose private final TestingLoad load;

  LoaderRestartTest(@TempDir Path directory) {
    load = new TestingLoad(directory);
  }

  @Test
  void run_again_doesNothing() {
    load.run(load.p2p());
    load.hub.asked.clear();

    assertThat(load.run(load.p2p())).isZero();

    assertThat(load.hub.asked).containsExactly("gateway /v1/tasks/model-f/manifest");
    assertThat(load.output()).contains("complete already");
  }

  @Test
  void run_afterAnotherRevision_removesWhatItLeftAndNothingElse() throws IOException {
    load.run(load.p2p());
    Files.writeString(load.model().resolve("mine.txt"), "not the loader's");
    load.hub.files.remove("sub/config.json");

    assertThat(load.run(load.p2p())).isZero();

    assertThat(load.model().resolve("sub/config.json")).doesNotExist();
    assertThat(load.model().resolve("mine.txt")).exists();
  }

  @Test
  void run_afterAKill_goesOnWhereItStopped() throws IOException {
    load.leavePartial(LARGE, 1_000_000);

    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.hub.asked).anyMatch(a -> a.endsWith("bytes=1000000-1499999"));
  }

  @Test
  void run_afterAKillBetweenFiles_keepsTheWholeOnesAndRefetchesTheWrongOnes() throws IOException {
    load.run(load.p2p());
    Files.delete(load.model().resolve(".llmaz/f-f/complete.json"));
    Files.writeString(load.model().resolve("sub/config.json"), "[]");
    load.hub.asked.clear();

    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.hub.asked).noneMatch(a -> a.contains("model.bin"));
    assertThat(load.hub.asked).anyMatch(a -> a.contains("sub/config.json"));
  }

  @Test
  void run_anotherLoaderAtWork_waitsForItAndDoesNothing() throws Exception {
    load.run(load.p2p());
    Path marker = load.model().resolve(".llmaz/f-f/complete.json");
    byte[] complete = Files.readAllBytes(marker);
    Files.delete(marker);
    load.hub.asked.clear();
    CompletableFuture<Integer> second;
    try (DirectoryLock first = new ModelDirectory(load.model(), "f/f").lock(() -> {})) {
      second = CompletableFuture.supplyAsync(() -> Main.run(load.p2p()));
      await().until(() -> !load.hub.asked.isEmpty());
      Files.write(marker, complete);
    }

    assertThat(second.get(10, TimeUnit.SECONDS)).isZero();
    assertThat(load.hub.asked).containsExactly("gateway /v1/tasks/model-f/manifest");
  }
}
