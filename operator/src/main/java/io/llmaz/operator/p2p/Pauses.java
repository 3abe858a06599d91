package io.llmaz.operator.p2p;

import io.llmaz.source.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long a distribution waits.
 *
 * @param random for full jitter: many tasks lose one seed at the same moment
 * @param retries how attempts are spaced; without end
 * @param betweenLooks at what others read ({@link OtherReaders})
 */
record Pauses(RandomGenerator random, RetryPolicy retries, Duration betweenLooks) {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final RetryPolicy RETRIES =
      new RetryPolicy(
          Integer.MAX_VALUE, Duration.ofMillis(500), Duration.ofSeconds(15), Duration.ZERO);
  private static final Duration USERS = Duration.ofSeconds(60);

  /** As a controller waits. */
  static Pauses standard(RandomGenerator random) {
    return new Pauses(random, RETRIES, BETWEEN_LOOKS);
  }

  /**
   * Before the next attempt.
   *
   * @param failures in a row, from 1
   * @param users whether only the user can mend it
   */
  Duration after(int failures, boolean users) {
    if (users) {
      return USERS;
    }
    Duration pause = retries.pause(failures, Optional.empty(), random).orElseThrow();
    return pause.isZero() ? Duration.ofMillis(1) : pause;
  }
}
