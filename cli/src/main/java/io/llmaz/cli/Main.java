package io.llmaz.cli;

import io.llmaz.cli.demo.DemoCommand;
import io.llmaz.cli.dfget.DfgetCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code llmaz} command line. Under the name {@code kubectl-llmaz} it is a kubectl plugin. */
@Command(
    name = "llmaz",
    mixinStandardHelpOptions = true,
    version = "llmaz 0.1.0",
    description = "LLM inference servers on Kubernetes whose bytes leave their source once.",
    subcommands = {DemoCommand.class, UpCommand.class, DfgetCommand.class, TrainCommand.class})
public final class Main {
  private static final int FAILED = 70;
  private static final int STOPPED = 130;

  private Main() {}

  public static void main(String[] arguments) {
    OrderlyStop stop = OrderlyStop.of(Thread.currentThread());
    int code =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((failure, command, parsed) -> {
              command
                  .getErr()
                  .println("llmaz: " + (stop.stopping() ? "stopped" : failure.getMessage()));
              if (Boolean.getBoolean("llmaz.trace")) {
                failure.printStackTrace(command.getErr());
              }
              return stop.stopping() ? STOPPED : FAILED;
            })
            .execute(arguments);
    if (!stop.end()) {
      System.exit(code);
    }
  }
}
