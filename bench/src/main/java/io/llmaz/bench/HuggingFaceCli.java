package io.llmaz.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The hub's own {@code hf}, in an environment of its own beside the other tools. */
final class HuggingFaceCli {
  private static final String PACKAGE = "huggingface_hub==2.4.0";

  private HuggingFaceCli() {}

  /** Installs it at the first time. */
  static Path installed() throws IOException, InterruptedException {
    Path folder =
        Path.of(System.getProperty("user.home"), ".cache", "llmaz-tools", "huggingface_hub-2.4.0");
    Path program = folder.resolve("bin/hf");
    if (!Files.exists(program)) {
      TimedProcess venv =
          TimedProcess.run(List.of("python3", "-m", "venv", folder.toString()), Map.of());
      TimedProcess pip =
          TimedProcess.run(
              List.of(folder.resolve("bin/pip").toString(), "install", "-q", PACKAGE), Map.of());
      System.out.printf("installed %s in %.0f s%n", PACKAGE, venv.wall() + pip.wall());
    }
    return program;
  }

  static List<String> importing(Path hf) {
    return List.of(
        hf.resolveSibling("python").toString(), "-c", "import huggingface_hub.file_download");
  }

  static Map<String, String> variables(URI hub, Path work) {
    return Map.of(
        "HF_ENDPOINT",
        hub.toString(),
        "HF_HOME",
        work.resolve("hf-home").toString(),
        "HF_HUB_DISABLE_XET",
        "1",
        "HF_HUB_DISABLE_TELEMETRY",
        "1");
  }
}
