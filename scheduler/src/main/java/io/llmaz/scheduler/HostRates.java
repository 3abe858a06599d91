package io.llmaz.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes per second each host is known to move, over all tasks. Guarded by the swarm's
 * lock.
 *
 * <p>A transfer is as fast as the slower of its two hosts, so what it shows is the least that both
 * can do: a better figure holds at once, a worse one counts for a quarter, as it may be the other
 * host's.
 */
final class HostRates {
  private static final double WORSE = 0.25;

  private final Map<String, Double> rates = new HashMap<>();

  /** 0 when nothing is known. */
  long of(String host) {
    return rates.getOrDefault(host, 0.0).longValue();
  }

  void measured(String host, double bytesPerSecond) {
    rates.merge(
        host, bytesPerSecond, (known, now) -> now >= known ? now : known + (now - known) * WORSE);
  }

  void forget(String host) {
    rates.remove(host);
  }
}
