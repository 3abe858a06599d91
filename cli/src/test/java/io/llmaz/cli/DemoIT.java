package io.llmaz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole demo, as a process, in each of its stories. */
final class DemoIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "--kill-engine", "--corrupt-peer"})
  void demo_eachStory_holdsEveryClaim(String story) throws Exception {
    assumeTrue(RunningLlmaz.programsAreBuilt(), "loader, gateway and runner are not packaged");
    String[] arguments =
        story.isEmpty()
            ? new String[] {"demo", "-o", "json"}
            : new String[] {"demo", "-o", "json", story};
    try (RunningLlmaz llmaz = RunningLlmaz.start(folder, arguments)) {
      int exit = llmaz.awaitEnd();

      JsonNode result = new ObjectMapper().readTree(llmaz.output());
      assertThat(result.path("claims"))
          .as(llmaz.errors())
          .isNotEmpty()
          .allMatch(claim -> claim.path("holds").asBoolean());
      assertThat(exit).isZero();
      assertThat(result.path("ready").asInt()).isEqualTo(result.path("replicas").asInt());
      assertThat(llmaz.leftovers()).isEmpty();
    }
  }
}
