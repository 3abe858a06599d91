package io.llmaz.operator.p2p;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a distribution waits.
 *
 * @param random for full jitter: many tasks lose one seed at the same moment
 * @param first half of the upper bound of the first pause
 * @param betweenLooks at what others read ({@link OtherReaders})
 */
record Pauses(RandomGenerator random, Duration first, Duration betweenLooks) {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration USERS = Duration.ofSeconds(60);
  private static final Duration FIRST = Duration.ofMillis(250);

  /** As a controller waits. */
  static Pauses standard(RandomGenerator random) {
    return new Pauses(random, FIRST, BETWEEN_LOOKS);
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
    long bound = Math.min(LONGEST.toMillis(), first.toMillis() << Math.min(failures, 10));
    return Duration.ofMillis(1 + random.nextLong(bound));
  }
}
