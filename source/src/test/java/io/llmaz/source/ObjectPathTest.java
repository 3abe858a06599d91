package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectPathTest {
  @ParameterizedTest
  @CsvSource({
    "models/qwen2-0_5b-q5.gguf, qwen2-0_5b-q5.gguf",
    "models/Q8.GGUF, Q8.GGUF",
    "models/model.safetensors, model.safetensors",
    "pytorch_model.bin, pytorch_model.bin",
    "models/Qwen2.5-7B, models--Qwen2.5-7B",
    "models/Qwen2.5-7B/, models--Qwen2.5-7B",
    "/models/llama//, models--llama",
    "quantised.gguf/parts, models--parts",
    "models/README.md, models--README.md",
  })
  void place_path_isTheFileItselfOrTheFoldersOwn(String path, String place) {
    assertThat(new ObjectPath(path).place()).isEqualTo(place);
  }
}
