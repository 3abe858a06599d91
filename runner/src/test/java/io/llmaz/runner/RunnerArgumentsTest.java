package io.llmaz.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunnerArgumentsTest {

  @Test
  void parse_allFlags_areTaken() {
    assertThat(
            RunnerArguments.parse(
                List.of("--model", "/m", "--served-model-name=x", "--host", "h", "--port=1")))
        .isEqualTo(new RunnerArguments(Path.of("/m"), "x", "h", 1));
  }

  @Test
  void parse_onlyModel_isServedUnderItsDirectoryName() {
    assertThat(RunnerArguments.parse(List.of("--model", "/models/minilm")))
        .isEqualTo(new RunnerArguments(Path.of("/models/minilm"), "minilm", "127.0.0.1", 8080));
  }

  @Test
  void parse_noModel_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunnerArguments.parse(List.of("--port", "1")))
        .withMessage("--model is missing");
  }

  @Test
  void parse_unknownFlag_isNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunnerArguments.parse(List.of("--modle", "/m")))
        .withMessage("unknown argument: --modle");
  }

  @Test
  void parse_flagWithoutValue_isNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunnerArguments.parse(List.of("--model", "/m", "--port")))
        .withMessage("no value after: --port");
  }

  @Test
  void parse_portOutOfRange_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunnerArguments.parse(List.of("--model", "/m", "--port", "70000")))
        .withMessage("--port is 0 to 65535, not 70000");
  }
}
