package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilePatternsTest {

  /** What Python 3.11's {@code fnmatch.fnmatchcase} answers. */
  @ParameterizedTest
  @CsvSource({
    "*.json, config.json, true",
    "*.json, a/b/config.json, true",
    "*.json, config.jsonl, false",
    "onnx/, onnx/model.onnx, true",
    "onnx/, onnx, false",
    "model-?.bin, model-1.bin, true",
    "model-?.bin, model-10.bin, false",
    "[abc].bin, b.bin, true",
    "[!abc].bin, b.bin, false",
    "[!abc].bin, d.bin, true",
    "[a-c].bin, b.bin, true",
    "[]].bin, ].bin, true",
    "a[.bin, a[.bin, true",
    "a+b.bin, a+b.bin, true",
    "a+b.bin, aab.bin, false",
    "*, anything/at/all, true"
  })
  void wants_oneAllowedPattern_answersAsFnmatch(String pattern, String path, boolean expected) {
    assertThat(new FilePatterns(List.of(pattern), List.of()).wants(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"a.bin, true", "a.safetensors, false", "b.txt, false"})
  void wants_allowedAndIgnored_ignoreWins(String path, boolean expected) {
    FilePatterns patterns =
        new FilePatterns(List.of("*.bin", "*.safetensors"), List.of("*.safetensors"));

    assertThat(patterns.wants(path)).isEqualTo(expected);
  }
}
