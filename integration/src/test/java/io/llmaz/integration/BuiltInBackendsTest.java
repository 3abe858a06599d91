package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.llmaz.api.inference.BackendRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart's BackendRuntimes: what llmaz's have wrong is right in them. */
final class BuiltInBackendsTest {
  private static final Path FOLDER = Program.HOME.resolve("charts/llmaz/files/backends");

  static Stream<BackendRuntime> backends() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().map(BuiltInBackendsTest::read).toList().stream();
    }
  }

  private static BackendRuntime read(Path file) {
    try {
      return new YAMLMapper().readValue(file.toFile(), BackendRuntime.class);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  @Test
  void backends_all_areThoseOfLlmaz() throws IOException {
    assertThat(backends().map(backend -> backend.getMetadata().getName()))
        .containsExactly("llamacpp", "ollama", "sglang", "tensorrt-llm", "tgi", "vllm");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void backend_version_isNoFloatingTag(BackendRuntime backend) {
    assertThat(backend.getSpec().version()).matches(".*[0-9].*").doesNotContain("latest", "main");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void backend_probesAndHooks_askThePortThatIsServed(BackendRuntime backend) throws IOException {
    String text = new YAMLMapper().writeValueAsString(backend.getSpec());

    assertThat(text).contains("8080").doesNotContain("8000").contains("startupProbe");
    assertThat(List.of("readinessProbe", "livenessProbe"))
        .allSatisfy(probe -> assertThat(text).contains(probe));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void backend_start_mayTakeHalfAnHour(BackendRuntime backend) {
    assertThat(backend.getSpec().startupProbe())
        .satisfies(probe ->
            assertThat(probe.getPeriodSeconds() * probe.getFailureThreshold())
                .isGreaterThanOrEqualTo(1800));
  }
}
