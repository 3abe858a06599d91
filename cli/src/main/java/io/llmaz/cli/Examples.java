package io.llmaz.cli;

import io.llmaz.local.hub.BuiltInModel;
import io.llmaz.local.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The examples of {@code docs/examples}, with this machine's addresses in them. */
public final class Examples {
  private static final String REGISTRY = "localhost:5000/llmaz/embeddings";

  private Examples() {}

  /**
   * The embeddings example: model, backend, Playground.
   *
   * @throws IOException when the file is not there
   */
  public static String embeddings(LocalStack stack) throws IOException {
    Path home = Path.of(System.getProperty("llmaz.home", "."));
    return Files.readString(home.resolve("docs/examples/embeddings/playground.yaml"))
        .replace(REGISTRY, stack.runnerImageRepository())
        .replace(BuiltInModel.ID, stack.modelId());
  }
}
