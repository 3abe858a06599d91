package io.llmaz.scheduler;

import java.time.Duration;

/** How long a host that announces itself again and again lives after the last time. */
final class HostLifetime {
  /**
   * A dfdaemon needs 3.5 seconds to gather what it says of itself, whatever interval it names, and
   * announces itself again only when all its schedulers have answered: it waits 10 seconds for one
   * that is lost.
   */
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(15);

  private HostLifetime() {}

  /** Long enough for one announcement that does not arrive. */
  static Duration of(Duration interval) {
    Duration counted = interval.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : interval;
    return counted.multipliedBy(2);
  }
}
