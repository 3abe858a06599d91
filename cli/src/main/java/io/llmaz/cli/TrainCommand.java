package io.llmaz.cli;

import io.llmaz.local.stack.LocalStack;
import io.llmaz.local.stack.LocalStackConfig;
import io.llmaz.local.stack.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code llmaz train}: one replica, from manifest to answer, while JVMs record what they load; each
 * writes its ahead-of-time cache (JEP 514) when it ends.
 *
 * <p>The {@code llmaz} script calls it after a build for loader and gateway, with the recording of
 * this JVM itself switched on. {@code images/build} calls it for the images' programs, by the
 * commands that they will have there.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Write the ahead-of-time caches that make the programs start faster.")
final class TrainCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Option(
      names = "--program",
      paramLabel = "MODULE=FILE",
      description = "Train this program of an image; FILE holds its command, a line each word.")
  private Map<String, Path> files = Map.of();

  @Override
  public Integer call() throws Exception {
    Path home = Path.of(System.getProperty("llmaz.home", "."));
    Programs programs =
        files.isEmpty()
            ? Programs.recording(home)
            : Programs.of(home).withCommands(commands(files));
    try (WorkFolder folder = WorkFolder.temporary();
        LocalStack stack =
            LocalStack.start(
                new LocalStackConfig(
                    folder.path(),
                    Optional.empty(),
                    1,
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    programs,
                    0))) {
      stack.controlPlane().apply(Examples.embeddings(stack));
      stack
          .client()
          .pods()
          .inNamespace("default")
          .waitUntilCondition(
              pod ->
                  pod != null
                      && pod.getStatus() != null
                      && pod.getStatus().getConditions().stream()
                          .anyMatch(
                              c -> c.getType().equals("Ready") && c.getStatus().equals("True")),
              PATIENCE.toSeconds(),
              TimeUnit.SECONDS);
    }
    return 0;
  }

  private static Map<String, List<String>> commands(Map<String, Path> files) throws IOException {
    Map<String, List<String>> commands = new HashMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      commands.put(file.getKey(), Files.readAllLines(file.getValue()));
    }
    return commands;
  }
}
