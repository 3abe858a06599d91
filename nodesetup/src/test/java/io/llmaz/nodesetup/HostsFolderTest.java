package io.llmaz.nodesetup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostsFolderTest {
  private static final URI MIRROR = URI.create("http://127.0.0.1:4001");
  private static final String THEIRS = "server = \"https://theirs\"\n";

  @TempDir private Path folder;

  @Test
  void apply_freshNode_writesAFilePerRegistry() throws IOException {
    assertThat(apply("*", "ghcr.io")).hasSize(2);

    assertThat(files()).containsExactly("_default/hosts.toml", "ghcr.io/hosts.toml");
  }

  @Test
  void apply_again_writesNothing() throws IOException {
    apply("ghcr.io");
    FileTime before = Files.getLastModifiedTime(file("ghcr.io"));

    assertThat(apply("ghcr.io")).isEmpty();

    assertThat(Files.getLastModifiedTime(file("ghcr.io"))).isEqualTo(before);
  }

  @Test
  void apply_fileOfSomebodyElse_isKeptAndComesBack() throws IOException {
    Files.createDirectory(folder.resolve("ghcr.io"));
    Files.writeString(file("ghcr.io"), THEIRS);

    assertThat(apply("ghcr.io").getFirst()).contains("kept as hosts.toml.before-llmaz");
    assertThat(Files.readString(file("ghcr.io"))).startsWith(Registry.MARK);
    hosts().restore();

    assertThat(Files.readString(file("ghcr.io"))).isEqualTo(THEIRS);
    assertThat(files()).containsExactly("ghcr.io/hosts.toml");
  }

  @Test
  void apply_registryNoLongerWanted_isTakenAway() throws IOException {
    apply("ghcr.io", "quay.io");

    assertThat(apply("quay.io")).containsExactly(file("ghcr.io") + " removed");

    assertThat(files()).containsExactly("quay.io/hosts.toml");
  }

  @Test
  void restore_certificatesBeside_stay() throws IOException {
    apply("ghcr.io");
    Files.writeString(folder.resolve("ghcr.io/ca.crt"), "certificate");

    hosts().restore();

    assertThat(files()).containsExactly("ghcr.io/ca.crt");
  }

  @Test
  void restore_filesOfOthers_areNotTouched() throws IOException {
    Files.createDirectory(folder.resolve("quay.io"));
    Files.writeString(file("quay.io"), THEIRS);

    assertThat(hosts().restore()).isEmpty();

    assertThat(Files.readString(file("quay.io"))).isEqualTo(THEIRS);
  }

  private List<String> apply(String... registries) throws IOException {
    return hosts().apply(Arrays.stream(registries).map(Registry::parse).toList(), MIRROR);
  }

  private HostsFolder hosts() {
    return new HostsFolder(folder);
  }

  private Path file(String namespace) {
    return folder.resolve(namespace).resolve("hosts.toml");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
