package io.llmaz.cli;

import io.llmaz.local.stack.LocalStack;
import io.llmaz.local.stack.LocalStackConfig;
import io.llmaz.local.stack.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * {@code llmaz train}: one replica, from manifest to answer, while the JVMs of loader and gateway
 * record what they load; each writes its ahead-of-time cache (JEP 514) when it ends. The {@code
 * llmaz} script calls it after a build, with the recording of this JVM itself switched on.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Write the ahead-of-time caches that make the programs start faster.")
final class TrainCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Override
  public Integer call() throws Exception {
    Programs programs = Programs.recording(Path.of(System.getProperty("llmaz.home", ".")));
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
}
