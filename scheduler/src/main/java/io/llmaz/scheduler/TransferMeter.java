package io.llmaz.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The rate of one transfer between two peers while anything was on its way: a child that waits for
 * its parent to get pieces is not slow. Guarded by the swarm's lock.
 */
final class TransferMeter {
  /** A rate is taken from so many bytes. */
  private static final long ENOUGH = 16 << 20;

  private long bytes;
  private double seconds;
  private Instant last = Instant.EPOCH;

  /**
   * A piece has come.
   *
   * @param took from the request to the last byte; pieces that came together took the same time
   * @return bytes per second, when enough have come since the last figure
   */
  OptionalDouble piece(long length, Duration took, Instant now) {
    Instant begun = now.minus(took);
    Instant from = begun.isAfter(last) ? begun : last;
    if (took.isPositive() && now.isAfter(from)) {
      seconds += Duration.between(from, now).toNanos() / 1e9;
      bytes += length;
    }
    last = now;
    if (bytes < ENOUGH || seconds == 0) {
      return OptionalDouble.empty();
    }
    double rate = bytes / seconds;
    bytes = 0;
    seconds = 0;
    return OptionalDouble.of(rate);
  }
}
