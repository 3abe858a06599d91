package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.NodeDaemon;
import io.llmaz.source.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code llmaz dfget}: downloads a file through the node's daemon. Exit codes as dfget's: 0, 1 for
 * any failure, 2 for wrong arguments.
 */
@Command(
    name = "dfget",
    mixinStandardHelpOptions = true,
    description = "Download a file through this node's dfdaemon.")
public final class DfgetCommand implements Callable<Integer> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  @Mixin private DfgetOptions options = new DfgetOptions();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    var terminal = java.util.Objects.requireNonNull(spec).commandLine();
    ProgressLines lines =
        new ProgressLines(
            options.noProgress ? DfgetOptions.Progress.NONE : options.progress,
            terminal.getOut(),
            terminal.getErr());
    try {
      check();
      lines.done(options.engineBinary == null ? viaSocket(lines) : viaBinary());
      return 0;
    } catch (EngineException | IOException | IllegalArgumentException e) {
      terminal.getErr().println("dfget: " + e.getMessage());
      return 1;
    }
  }

  private void check() throws IOException {
    Path parent = options.output.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the directory of the output does not exist: " + parent);
    }
    if (Files.exists(options.output) && !options.overwrite) {
      throw new IOException("the output exists (see --overwrite): " + options.output);
    }
    if (options.overwrite && options.forceHardLink) {
      throw new IllegalArgumentException("--overwrite and --force-hard-link exclude each other");
    }
    if (options.attempts < 1 || options.priority < 0 || options.priority > 6) {
      throw new IllegalArgumentException("--attempts is at least 1, --priority 0 to 6");
    }
  }

  private Progress viaSocket(ProgressLines lines) throws IOException, InterruptedException {
    RetryPolicy retries =
        new RetryPolicy(options.attempts, FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE);
    for (int failed = 1; ; failed++) {
      try (NodeDaemon daemon = NodeDaemon.at(options.endpoint)) {
        return new DfgetDownload(options, daemon).run(lines);
      } catch (EngineException e) {
        boolean mayHelp =
            e.reason() == EngineException.Reason.UNAVAILABLE
                || e.reason() == EngineException.Reason.FAILED;
        Optional<Duration> pause =
            mayHelp
                ? retries.pause(failed, Optional.empty(), new SplittableRandom())
                : Optional.empty();
        if (pause.isEmpty()) {
          throw e;
        }
        lines.retry(failed, String.valueOf(e.getMessage()));
        Thread.sleep(pause.get());
      }
    }
  }

  private Progress viaBinary() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(EngineBinary.command(options)).redirectErrorStream(true).start();
    String output;
    try {
      output = new String(process.getInputStream().readAllBytes()).strip();
      if (process.waitFor() != 0) {
        String reason = output.substring(output.lastIndexOf(10) + 1);
        throw new IOException(
            options.engineBinary + " ended with " + process.exitValue() + ": " + reason);
      }
    } finally {
      process.destroy();
    }
    long size = Files.size(options.output);
    return new Progress("", size, size, 0);
  }
}
