package io.llmaz.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The loader as a process: environment in, files out, an exit code that says what happened. */
public final class Main {
  private static final String USAGE =
      """
      Usage: model-loader [--log-format text|json]
      Loads the model that the environment names (MODEL_SOURCE_TYPE, MODEL_ID, ...) into
      LLMAZ_MODEL_ROOT. docs/model-loader.md lists every variable and exit code.\
      """;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv()));
  }

  static int run(Map<String, String> environment) {
    return run(List.of(), environment);
  }

  static int run(List<String> arguments, Map<String, String> environment) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      System.out.println(USAGE);
      return 0;
    }
    try {
      LoaderSettings settings = LoaderSettings.from(withArguments(arguments, environment));
      LoadReport report = new LoadReport(System.out, settings.jsonLog(), InstantSource.system());
      try {
        new ModelLoader(settings, report).run();
        return 0;
      } catch (LoaderException e) {
        report.failed(e);
        return end(e, environment);
      }
    } catch (LoaderException e) {
      System.err.println("model-loader: " + e.getMessage());
      return end(e, environment);
    } catch (InterruptedException e) {
      System.err.println("model-loader: stopped");
      return LoaderException.Exit.UNAVAILABLE.code();
    } catch (RuntimeException e) {
      e.printStackTrace();
      return end(
          new LoaderException(LoaderException.Exit.INTERNAL, "a bug of the loader: " + e, e),
          environment);
    }
  }

  private static Map<String, String> withArguments(
      List<String> arguments, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("--log-format=")) {
        all.put("LLMAZ_LOG_FORMAT", argument.substring("--log-format=".length()));
      } else if (argument.equals("--log-format") && i + 1 < arguments.size()) {
        i++;
        all.put("LLMAZ_LOG_FORMAT", arguments.get(i));
      } else {
        throw new LoaderException(
            LoaderException.Exit.USAGE, "unknown argument " + argument + "\n" + USAGE);
      }
    }
    return all;
  }

  private static int end(LoaderException e, Map<String, String> environment) {
    writeTerminationMessage(
        Path.of(environment.getOrDefault("LLMAZ_TERMINATION_LOG", "/dev/termination-log")),
        String.valueOf(e.getMessage()));
    return e.exit().code();
  }

  private static void writeTerminationMessage(Path log, String message) {
    if (!Files.isWritable(log)) {
      return; // Only a kubelet makes this file.
    }
    try {
      Files.writeString(log, message);
    } catch (IOException e) {
      System.err.println("model-loader: no termination message: " + e.getMessage());
    }
  }
}
