package io.llmaz.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmaz.cli.WorkFolder;
import io.llmaz.local.hub.Bandwidth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code llmaz demo}: the stories of the proposal, for real, on one machine. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Serve a model on several nodes of this machine and show where every byte came from.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:every claim holds", "1:a claim does not hold", "70:something broke"})
public final class DemoCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--source-bandwidth",
      defaultValue = "200Mbit",
      description = "Limit of the source's link (default: ${DEFAULT-VALUE}).")
  private String sourceBandwidth = "";

  @Option(
      names = "--model-dir",
      description =
          "A folder with tokenizer.json and onnx/model.onnx, instead of the built-in model.")
  private @Nullable Path modelDirectory;

  @Option(names = "--kill-engine", description = "Kill the P2P engine in mid-download.")
  private boolean killEngine;

  @Option(
      names = "--corrupt-peer",
      description = "Flip bits in the stores of all nodes and stop the seed before scaling out.")
  private boolean corruptPeer;

  @Option(
      names = {"-o", "--output"},
      description = "json: one object on stdout, nothing else.")
  private @Nullable String output;

  @Override
  public Integer call() throws Exception {
    boolean json = "json".equals(output);
    check(json || output == null, "-o takes json, not " + output);
    Path model = modelDirectory;
    if (model != null) {
      check(Files.isDirectory(model), "--model-dir is no folder: " + model);
      check(
          Files.exists(model.resolve("tokenizer.json"))
              && Files.exists(model.resolve("onnx/model.onnx")),
          "--model-dir needs tokenizer.json and onnx/model.onnx, which the demo's server loads: "
              + model);
    }
    DemoOptions options =
        new DemoOptions(
            4,
            Bandwidth.parse(sourceBandwidth),
            Optional.ofNullable(model),
            killEngine,
            corruptPeer,
            Path.of(System.getProperty("llmaz.home", ".")));
    DemoResult result;
    try (WorkFolder folder = WorkFolder.temporary()) {
      folder.requireFree(options.neededBytes());
      result = new DemoStory(options, folder.path(), System.err).run();
    }
    if (json) {
      System.out.println(new ObjectMapper().writeValueAsString(result));
    } else {
      DemoReport.print(result, System.out);
    }
    return result.broken().isEmpty() ? 0 : 1;
  }

  private void check(boolean holds, String message) {
    if (!holds && spec != null) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
