package io.llmaz.runner;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Starts the inference server.
 *
 * <p>Ends with 2 for a wrong command line, 1 when the address is taken or the model does not load;
 * otherwise serves until it is told to stop.
 */
public final class Main {

  private Main() {}

  /**
   * Reads the arguments and serves.
   *
   * @param arguments see {@link RunnerArguments#USAGE}
   */
  public static void main(String[] arguments) {
    // DJL asks the network for a build with CUDA unless told that there is none to be had.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    // DJL logs through SLF4J; that nobody listens is meant, and not worth three lines of every log.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    RunnerArguments parsed;
    try {
      parsed = RunnerArguments.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      end(2, e.getMessage() + System.lineSeparator() + RunnerArguments.USAGE);
      return;
    }
    CompletableFuture<EmbeddingModel> model =
        CompletableFuture.supplyAsync(
            () -> EmbeddingModel.load(parsed.model()), runnable -> new Thread(runnable).start());
    try {
      OpenAiServer server =
          OpenAiServer.start(
              new InetSocketAddress(parsed.host(), parsed.port()), parsed.servedModelName(), model);
      System.out.println("listening on " + server.address());
    } catch (IOException e) {
      end(1, "cannot listen on " + parsed.host() + ":" + parsed.port() + ": " + e.getMessage());
      return;
    }
    try {
      model.join();
      System.out.println("serving " + parsed.servedModelName() + " from " + parsed.model());
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      end(1, "cannot load the model: " + cause.getMessage());
    }
  }

  private static void end(int status, String message) {
    System.err.println(message);
    System.exit(status);
  }
}
