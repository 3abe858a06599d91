package io.llmaz.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes per second each host is known to move, over all tasks. Guarded by the swarm's
 * lock.
 */
final class HostRates {
  private final Map<String, Rate> rates = new HashMap<>();

  /**
   * What one host is known to move.
   *
   * <p>A transfer is as fast as the slower of its two hosts, so what it shows is the least that
   * both can do: a better figure holds at once, a worse one counts for a quarter, as it may be the
   * other host's.
   */
  static final class Rate {
    private static final double WORSE = 0.25;

    private double known;

    /** 0 when nothing is known. */
    long bytesPerSecond() {
      return (long) known;
    }

    void measured(double bytesPerSecond) {
      known = bytesPerSecond >= known ? bytesPerSecond : known + (bytesPerSecond - known) * WORSE;
    }
  }

  /** The same one for a host until it is forgotten. */
  Rate of(String host) {
    return rates.computeIfAbsent(host, h -> new Rate());
  }

  void forget(String host) {
    rates.remove(host);
  }
}
