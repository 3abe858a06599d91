package io.llmaz.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** The loader as a process: environment in, files out, an exit code that says what happened. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(System.getenv()));
  }

  static int run(Map<String, String> environment) {
    LoaderSettings settings;
    try {
      settings = LoaderSettings.from(environment);
    } catch (LoaderException e) {
      System.err.println("model-loader: " + e.getMessage());
      writeTerminationMessage(
          Path.of(environment.getOrDefault("LLMAZ_TERMINATION_LOG", "/dev/termination-log")),
          String.valueOf(e.getMessage()));
      return e.exit().code();
    }
    LoadReport report = new LoadReport(System.out, settings.jsonLog(), InstantSource.system());
    try {
      new ModelLoader(settings, report).run();
      return 0;
    } catch (LoaderException e) {
      System.err.println("model-loader: " + e.getMessage());
      writeTerminationMessage(settings.terminationLog(), String.valueOf(e.getMessage()));
      return e.exit().code();
    } catch (InterruptedException e) {
      System.err.println("model-loader: stopped");
      return LoaderException.Exit.UNAVAILABLE.code();
    }
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
