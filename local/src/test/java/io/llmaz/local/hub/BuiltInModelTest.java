package io.llmaz.local.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInModelTest {

  @Test
  void extract_twice_keepsWhatIsThere(@TempDir Path directory) throws IOException {
    BuiltInModel.extract(directory);
    Path network = directory.resolve("onnx/model.onnx");
    Object first = Files.readAttributes(network, "fileKey").toString();

    BuiltInModel.extract(directory);

    assertThat(network).hasSize(90_387_606);
    assertThat(Files.readAttributes(network, "fileKey").toString()).isEqualTo(first);
    assertThat(directory.resolve("tokenizer.json")).isNotEmptyFile();
    assertThat(directory).isDirectoryNotContaining("glob:**.part*");
  }
}
