package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code llmaz dfget}: downloads a file or a folder through the node's daemon. Exit codes as
 * dfget's: 0, 1 for any failure, 2 for wrong arguments.
 */
@Command(
    name = "dfget",
    mixinStandardHelpOptions = true,
    description = "Download a file or a folder through this node's dfdaemon.")
public final class DfgetCommand implements Callable<Integer> {
  @Mixin private DfgetOptions options = new DfgetOptions();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    var terminal = java.util.Objects.requireNonNull(spec).commandLine();
    Secrets secrets = new Secrets(options.access().secrets());
    ProgressLines lines =
        new ProgressLines(
            options.noProgress ? DfgetOptions.Progress.NONE : options.progress,
            terminal.getOut(),
            terminal.getErr(),
            secrets);
    try {
      DfgetChecks.require(options);
      download(lines);
      return 0;
    } catch (EngineException | IOException | IllegalArgumentException e) {
      terminal.getErr().println("dfget: " + secrets.hiddenIn(e.getMessage()));
      return 1;
    }
  }

  private void download(ProgressLines lines) throws IOException, InterruptedException {
    if (options.engineBinary != null) {
      EngineBinary.run(options);
      if (!options.ofFolder()) {
        long size = Files.size(options.output);
        lines.done(new Progress("", size, size, 0));
      }
    } else if (options.ofFolder()) {
      new FolderDownload(options).run(lines);
    } else {
      String url = options.url.toString();
      lines.done(
          new Attempts(options.endpoint, options.attempts)
              .of(
                  daemon -> new DfgetDownload(options, daemon, url, options.output).run(lines),
                  lines));
    }
  }
}
