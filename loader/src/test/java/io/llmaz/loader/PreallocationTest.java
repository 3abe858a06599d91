package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.source.ManifestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class PreallocationTest {
  private static final long SIZE = 8 << 20;

  @TempDir private Path directory;

  @Test
  void keep_ofAnEmptyFile_takesBlocksAndNoLength() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    Preallocation.keep(file, 0, SIZE);

    assertThat(file).hasSize(0);
    assertThat(onDisk(file)).isGreaterThanOrEqualTo(SIZE);
  }

  @Test
  void keep_ofAFileThatHasABeginning_leavesItsBytes() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "beginning");

    Preallocation.keep(file, "beginning".length(), SIZE);

    assertThat(file).hasContent("beginning");
    assertThat(onDisk(file)).isGreaterThanOrEqualTo(SIZE);
  }

  @Test
  void keep_moreThanTheDiskHas_saysSoAndKeepsNothing() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory)) {
      Path file = Files.createFile(disk.path().resolve("file"));

      assertThatThrownBy(() -> Preallocation.keep(file, 0, SIZE))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("No space left on device");

      assertThat(onDisk(file)).isZero();
    }
  }

  @Test
  void keep_ofAFileThatIsNotThere_doesNothing() {
    assertThatCode(() -> Preallocation.keep(directory.resolve("none"), 0, SIZE))
        .doesNotThrowAnyException();
  }

  @Test
  void open_ofALargePartialFile_keepsWhatItWillTake() throws Exception {
    ManifestFile file =
        ManifestFile.verified("large", PartialFile.PREALLOCATED, TestingHub.sha256(new byte[0]));

    try (PartialFile partial = PartialFile.open(directory, file)) {
      assertThat(partial.length()).isZero();
      assertThat(onDisk(partial.force())).isGreaterThanOrEqualTo(PartialFile.PREALLOCATED);
    }
  }

  /** In bytes. Java does not tell. */
  private static long onDisk(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return 512
        * Long.parseLong(
            new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }
}
