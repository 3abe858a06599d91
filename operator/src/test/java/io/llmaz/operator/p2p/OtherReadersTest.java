package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OtherReadersTest {
  private static final long SIZE = 1000;

  @Test
  void awaitEnd_nobodyReads_looksTwice() throws InterruptedException {
    Deque<Long> looks = new ArrayDeque<>(List.of(500L, 500L, 600L));

    assertThat(awaitEnd(looks)).isFalse();
    assertThat(looks).containsExactly(600L);
  }

  @Test
  void awaitEnd_somebodyReads_returnsWhenTheCountStandsStill() throws InterruptedException {
    Deque<Long> looks = new ArrayDeque<>(List.of(0L, 300L, 700L, 700L, 800L));

    assertThat(awaitEnd(looks)).isTrue();
    assertThat(looks).containsExactly(800L);
  }

  @Test
  void awaitEnd_somebodyReadsMoreThanEverything_isNotWaitedFor() throws InterruptedException {
    Deque<Long> looks = new ArrayDeque<>(List.of(100L, 900L, 1101L, 1500L));

    assertThat(awaitEnd(looks)).isTrue();
    assertThat(looks).containsExactly(1500L);
  }

  @Test
  void awaitEnd_gatewayThatBeganToCountAnew_isNotWaitedFor() throws InterruptedException {
    Deque<Long> looks = new ArrayDeque<>(List.of(900L, 10L, 20L));

    assertThat(awaitEnd(looks)).isFalse();
    assertThat(looks).containsExactly(20L);
  }

  private static boolean awaitEnd(Deque<Long> looks) throws InterruptedException {
    return new OtherReaders(looks::removeFirst, Duration.ofMillis(1)).awaitEnd(SIZE);
  }
}
