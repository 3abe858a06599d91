package io.llmaz.nodesetup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, as a Pod runs it. */
final class MainIT {
  @TempDir private Path directory;

  @Test
  void run_untilItIsAskedToStop_setsUpAndLeavesNothing() throws Exception {
    Files.writeString(
        directory.resolve("config.toml"),
        "[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"%s/certs.d\""
            .formatted(directory));
    Process process = start(Map.of());
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).endsWith("certs.d/_default/hosts.toml written");
      assertThat(output.readLine()).startsWith("containerd pulls through");

      process.destroy();

      assertThat(process.waitFor()).isEqualTo(128 + 15);
    }
    assertThat(directory.resolve("certs.d")).isEmptyDirectory();
  }

  @Test
  void run_containerdDoesNotLookForFiles_ends78AndSaysWhatToDo() throws Exception {
    Process process = start(Map.of());
    try (BufferedReader errors = process.errorReader()) {
      assertThat(errors.readLine()).startsWith("node-setup: containerd does not look for");
    }

    assertThat(process.waitFor()).isEqualTo(78);
  }

  @Test
  void run_badRegistry_ends64AndNamesIt() throws Exception {
    Process process = start(Map.of("LLMAZ_REGISTRIES", "ghcr.io,ftp://x"));
    try (BufferedReader errors = process.errorReader()) {
      assertThat(errors.readLine()).contains("registry ftp://x");
    }

    assertThat(process.waitFor()).isEqualTo(64);
  }

  private Process start(Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx24m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.llmaz.nodesetup.Main");
    builder.environment().put("LLMAZ_CONTAINERD_DIRECTORY", directory.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
