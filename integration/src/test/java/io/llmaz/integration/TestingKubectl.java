package io.llmaz.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The stock kubectl on one API server, with what the server chooses taken out of its output. */
final class TestingKubectl {
  private static final Pattern CHOSEN =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
              + "|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"
              + "|\\b\\d+[smhd]\\b"
              + "|(?<=(LIVE|MERGED)-)\\d+|\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[.]\\d+"
              + "|(?<=[rR]esource ?[vV]ersion: {1,9}\"?)\\d+");

  private final Path home;
  private final Path kubeconfig;

  /**
   * For a server.
   *
   * @param home a folder of its own, as kubectl keeps what it discovered there
   */
  TestingKubectl(Path home, String kubeconfig) throws IOException {
    this.home = Files.createDirectories(home);
    this.kubeconfig = Files.writeString(home.resolve("kubeconfig"), kubeconfig);
  }

  /** What a command prints and how it ends; columns are one blank apart. */
  String run(String command, Path directory) {
    List<String> words = new ArrayList<>(List.of("kubectl"));
    words.addAll(List.of(command.split(" ")));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.directory(directory.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    try {
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), UTF_8);
      return CHOSEN.matcher(text).replaceAll("…").replaceAll("[ \\t]+", " ")
          + "exit "
          + process.waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(command, e);
    }
  }
}
