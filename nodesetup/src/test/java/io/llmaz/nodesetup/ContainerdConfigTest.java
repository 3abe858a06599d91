package io.llmaz.nodesetup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerdConfigTest {
  private static final String WITH_PATH =
      """
      version = 2
      [plugins."io.containerd.grpc.v1.cri".registry]
        config_path = "%s/certs.d:/etc/docker/certs.d"
      """;

  @TempDir private Path directory;

  @Test
  void hostsFolder_configPathOfVersion2_isItsFirstFolder() throws Exception {
    write("config.toml", WITH_PATH.formatted(directory));

    assertThat(ContainerdConfig.hostsFolder(directory)).isEqualTo(directory.resolve("certs.d"));
  }

  @Test
  void hostsFolder_configPathOfVersion3_isFound() throws Exception {
    write(
        "config.toml",
        "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '%s/hosts'"
            .formatted(directory));

    assertThat(ContainerdConfig.hostsFolder(directory)).isEqualTo(directory.resolve("hosts"));
  }

  @Test
  void hostsFolder_configPathInAnImport_overridesTheMainFile() throws Exception {
    write("config.toml", "imports = [\"conf.d/*.toml\"]\n" + WITH_PATH.formatted("/elsewhere"));
    Files.createDirectory(directory.resolve("conf.d"));
    write("conf.d/registry.toml", WITH_PATH.formatted(directory));

    assertThat(ContainerdConfig.hostsFolder(directory)).isEqualTo(directory.resolve("certs.d"));
  }

  @Test
  void hostsFolder_noConfigPath_saysWhatToAddForItsVersion() throws Exception {
    write("config.toml", "version = 3\n");

    assertThatThrownBy(() -> ContainerdConfig.hostsFolder(directory))
        .isInstanceOf(NodeSetupException.class)
        .hasMessageContaining("[plugins.\"io.containerd.cri.v1.images\".registry]")
        .hasMessageContaining("restart containerd");
  }

  @Test
  void hostsFolder_noFile_saysWhatToAdd() {
    assertThatThrownBy(() -> ContainerdConfig.hostsFolder(directory))
        .isInstanceOf(NodeSetupException.class)
        .hasMessageContaining("config_path = \"" + directory.resolve("certs.d") + "\"");
  }

  @Test
  void hostsFolder_outsideOfWhatIsMounted_saysWhichValueToSet() throws Exception {
    write("config.toml", WITH_PATH.formatted("/elsewhere"));

    assertThatThrownBy(() -> ContainerdConfig.hostsFolder(directory))
        .isInstanceOf(NodeSetupException.class)
        .hasMessageContaining("/elsewhere/certs.d")
        .hasMessageContaining("nodeSetup.containerdDirectory");
  }

  @Test
  void hostsFolder_notToml_namesTheFile() throws Exception {
    write("config.toml", "version = = 2");

    assertThatThrownBy(() -> ContainerdConfig.hostsFolder(directory))
        .isInstanceOf(NodeSetupException.class)
        .hasMessageStartingWith(directory.resolve("config.toml") + " is not TOML");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
