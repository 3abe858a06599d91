package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HostLifetimeTest {
  @Test
  void of_longInterval_isTwiceThat() {
    assertThat(HostLifetime.of(Duration.ofMinutes(5))).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void of_shortInterval_isLongEnoughForADaemonThatWaitsForALostScheduler() {
    Duration gathers = Duration.ofMillis(3_500);
    Duration waits = Duration.ofSeconds(10);

    assertThat(HostLifetime.of(Duration.ofSeconds(2)))
        .isGreaterThan(gathers.plus(waits).multipliedBy(2));
  }
}
