package io.llmaz.runner;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingModelTest {

  @Test
  void load_emptyDirectory_saysWhichFileIsMissing(@TempDir Path directory) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddingModel.load(directory))
        .withMessageContaining("neither onnx/model.onnx nor model.onnx");
  }

  @Test
  void load_noTokenizer_saysSo(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("model.onnx"), "x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddingModel.load(directory))
        .withMessageContaining("no tokenizer.json");
  }

  @Test
  void load_networkOfOtherBytes_saysWhichFile(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("model.onnx"), "not a network");
    Files.writeString(directory.resolve("tokenizer.json"), "{}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddingModel.load(directory))
        .withMessageContaining("cannot load " + directory.resolve("model.onnx"));
  }
}
