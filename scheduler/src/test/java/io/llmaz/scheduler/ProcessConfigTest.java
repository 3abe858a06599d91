package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class ProcessConfigTest {

  @Test
  void from_nothing_listensWhereDragonflysSchedulerDoes() {
    ProcessConfig config = ProcessConfig.from(Map.of());

    assertThat(config.scheduler().listen().getPort()).isEqualTo(8002);
    assertThat(config.http().getPort()).isEqualTo(8000);
  }

  @Test
  void from_everythingSet_isTaken() {
    ProcessConfig config =
        ProcessConfig.from(
            Map.of(
                "LLMAZ_SCHEDULER_LISTEN", "[::1]:0",
                "LLMAZ_SCHEDULER_HTTP_LISTEN", "127.0.0.1:1",
                "LLMAZ_SCHEDULER_FAILED_SEED_REST", "PT1S",
                "LLMAZ_SCHEDULER_HOST_LIFETIME", "PT2S",
                "LLMAZ_SCHEDULER_GRACE", "PT0S"));

    assertThat(config.scheduler().listen().getAddress().getHostAddress()).contains(":");
    assertThat(config.http().getPort()).isEqualTo(1);
    assertThat(config.scheduler().failedSeedRest()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.scheduler().hostLifetime()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.grace()).isZero();
  }

  @Test
  void from_wrongAddress_isNamed() {
    for (String wrong : List.of("8002", ":8002", "host:", "127.0.0.1:65536", "::1:80", "a:b")) {
      assertThatIllegalArgumentException()
          .as(wrong)
          .isThrownBy(() -> ProcessConfig.from(Map.of("LLMAZ_SCHEDULER_LISTEN", wrong)))
          .withMessage("LLMAZ_SCHEDULER_LISTEN is no host:port: " + wrong);
    }
  }

  @Property(tries = 200)
  void from_anyDuration_isTakenOrNamed(@ForAll String text) {
    try {
      assertThat(ProcessConfig.from(Map.of("LLMAZ_SCHEDULER_GRACE", text)).grace())
          .isGreaterThanOrEqualTo(Duration.ZERO);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("LLMAZ_SCHEDULER_GRACE");
    }
  }
}
