package io.llmaz.source;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to try again: exponential back-off with full jitter, bounded, and no earlier than the other
 * side asked ({@code Retry-After}).
 *
 * @param attempts how often in all
 * @param base the first upper bound of a pause
 * @param cap the largest pause of our own choice
 * @param longestRequested the longest pause another side may ask of us
 */
public record RetryPolicy(int attempts, Duration base, Duration cap, Duration longestRequested) {
  /** For hubs and registries. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(60));

  public RetryPolicy {
    if (attempts < 1 || base.isNegative() || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("not a retry policy");
    }
  }

  /**
   * The pause before the attempt after {@code failed} failures; empty when it was the last.
   *
   * @param requested what the other side asked for
   */
  public Optional<Duration> pause(
      int failed, Optional<Duration> requested, RandomGenerator random) {
    if (failed >= attempts
        || requested.filter(r -> r.compareTo(longestRequested) > 0).isPresent()) {
      return Optional.empty();
    }
    long bound = Math.min(cap.toMillis(), base.toMillis() << Math.min(failed - 1, 20));
    Duration jittered = Duration.ofMillis(random.nextLong(bound + 1));
    return Optional.of(requested.filter(r -> r.compareTo(jittered) > 0).orElse(jittered));
  }
}
