package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PausesTest {
  private final Pauses pauses = Pauses.standard(new Random(1));

  @Test
  void after_manyFailures_isWithinItsBoundAndNeverNothing() {
    for (int failures = 1; failures < 100; failures++) {
      assertThat(pauses.after(failures, false))
          .isBetween(Duration.ofMillis(1), Duration.ofSeconds(15));
    }
  }

  @Test
  void after_firstFailure_isShort() {
    assertThat(pauses.after(1, false)).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void after_usersTrouble_isAMinute() {
    assertThat(pauses.after(1, true)).isEqualTo(Duration.ofMinutes(1));
  }
}
