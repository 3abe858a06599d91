package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildMainIT {

  @Test
  void main_parentsEndOfThePipeCloses_endsTheProcess() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                ChildMain.class.getName(),
                TestingProgram.class.getName(),
                "hang")
            .start();
    try {
      // What the kernel does to the pipe when the parent is gone, however it went.
      child.getOutputStream().close();

      assertThat(child.waitFor(15, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(143);
    } finally {
      child.destroyForcibly();
    }
  }
}
