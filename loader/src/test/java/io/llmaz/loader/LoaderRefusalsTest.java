package io.llmaz.loader;

import static io.llmaz.loader.TestingLoad.LARGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.source.ManifestFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What ends a run, and with which exit code. */
final class LoaderRefusalsTest {
  private final Path directory;
  @AutoClose private final TestingLoad load;

  LoaderRefusalsTest(@TempDir Path directory) {
    this.directory = directory;
    load = new TestingLoad(directory);
  }

  @Test
  void run_unknownArgument_exits64() {
    assertThat(load.run(List.of("--fast"), load.p2p())).isEqualTo(64);
    assertThat(load.output()).contains("unknown argument --fast");
  }

  @Test
  void run_unknownTaskKeys_endsWithUsage() {
    Map<String, String> environment = load.p2p();
    environment.put("LLMAZ_TASK_KEYS", "names");

    assertThat(load.run(environment)).isEqualTo(64);
    assertThat(load.output()).contains("LLMAZ_TASK_KEYS is content or addresses, not names");
  }

  @Test
  void run_unknownHub_exits64InLlmazWords() {
    Map<String, String> environment = load.plain();
    environment.put("MODEL_HUB_NAME", "Elsewhere");

    assertThat(load.run(environment)).isEqualTo(64);
    assertThat(load.output()).contains("Unknown model hub: Elsewhere");
  }

  @Test
  void run_withoutModelId_exits64() {
    Map<String, String> environment = load.plain();
    environment.remove("MODEL_ID");

    assertThat(load.run(environment)).isEqualTo(64);
    assertThat(load.output()).contains("MODEL_ID is not set");
  }

  @Test
  void run_hubRefuses_exits77() {
    load.hub.status.put("hub", 401);

    assertThat(load.run(load.plain())).isEqualTo(77);
    assertThat(load.output()).contains("f/f");
  }

  @Test
  void run_hubIsDown_exits69() {
    load.hub.close();

    assertThat(load.run(load.plain())).isEqualTo(69);
  }

  @Test
  void run_ownFolderIsALink_isRefused() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(load.model());
    Files.createSymbolicLink(load.model().resolve(".llmaz"), outside);

    assertThat(load.run(load.p2p())).isEqualTo(74);

    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void run_aLinkInsteadOfADirectory_isRefused() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(load.model());
    Files.createSymbolicLink(load.model().resolve("sub"), outside);

    assertThat(load.run(load.p2p())).isEqualTo(74);

    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void run_fileInTheLoadersOwnFolder_isRefused() {
    load.hub.files.put(".llmaz/f-f/complete.json", new byte[1]);

    assertThat(load.run(load.p2p())).isEqualTo(77);
  }

  @Test
  void load_fullDisk_saysSoAndKeepsWhatArrived() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory)) {
      ManifestFile file =
          ManifestFile.verified("model.bin", LARGE.length, TestingHub.sha256(LARGE));
      ModelDirectory place = new ModelDirectory(disk.path(), "f/f");
      Way way = new Way("hub", (f, range) -> new ByteArrayInputStream(LARGE));

      assertThatThrownBy(() -> load(file, place, way))
          .isInstanceOf(LoaderException.class)
          .hasMessageContaining("model.bin")
          .hasMessageContaining("the disk is full");

      assertThat(PartialFile.left(place.partialFiles(), file)).isGreaterThan(500_000);
      assertThat(disk.path().resolve("model.bin")).doesNotExist();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void load_largeFileOnADiskThatFilledUp_asksNobodyForIt() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory)) {
      ManifestFile file =
          ManifestFile.verified("model.bin", PartialFile.PREALLOCATED, TestingHub.sha256(LARGE));
      Way way =
          new Way(
              "hub",
              (f, range) -> {
                throw new AssertionError("asked");
              });

      assertThatThrownBy(() -> load(file, new ModelDirectory(disk.path(), "f/f"), way))
          .isInstanceOf(LoaderException.class)
          .hasMessageContaining("cannot store model.bin: the disk is full");
    }
  }

  private static void load(ManifestFile file, ModelDirectory place, Way way) {
    LoadReport report = new LoadReport(System.out, false, InstantSource.system());
    new FileLoad(place, "hf://f/f", Optional.empty(), List.of(way), report).load(file);
  }

  @Test
  void checkSpace_notEnough_saysHowMuchIsMissing() {
    ManifestFile huge =
        ManifestFile.verified("huge", Long.MAX_VALUE / 2, TestingHub.sha256(new byte[1]));
    ModelDirectory place = new ModelDirectory(load.model(), "f/f");

    assertThatThrownBy(() -> ModelLoader.checkSpace(List.of(huge), place))
        .hasMessageContaining("are missing");
  }
}
