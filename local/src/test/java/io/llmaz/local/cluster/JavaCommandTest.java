package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {

  @Test
  void parse_optionsClassPathAndArguments_areToldApart() throws ContainerProblem {
    assertThat(
            JavaCommand.parse(
                List.of("/usr/bin/java", "-Xmx64m", "-cp", "/a.jar:/b/*", "x.Main", "-cp", "y")))
        .isEqualTo(
            new JavaCommand(
                List.of("-Xmx64m"), List.of("/a.jar", "/b/*"), "x.Main", List.of("-cp", "y")));
  }

  @Test
  void parse_otherProgram_isNamed() {
    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> JavaCommand.parse(List.of("python3", "-m", "vllm")))
        .withMessageContaining("runs Java programs only, not: python3");
  }

  @Test
  void parse_noMainClass_isRefused() {
    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> JavaCommand.parse(List.of("java", "-version")));
  }

  @Test
  void underParent_command_runsItUnderChildMain() {
    JavaCommand command =
        new JavaCommand(List.of("-Xmx1m"), List.of("/a.jar"), "x.Main", List.of("y"));

    assertThat(command.underParent(Path.of("/jdk/java"), List.of("-Dz=1"), List.of(Path.of("/l"))))
        .containsExactly(
            "/jdk/java",
            "-Xmx1m",
            "-Dz=1",
            "-cp",
            "/a.jar:/l",
            ChildMain.class.getName(),
            "x.Main",
            "y");
  }
}
