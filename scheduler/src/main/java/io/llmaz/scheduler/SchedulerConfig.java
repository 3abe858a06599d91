package io.llmaz.scheduler;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a scheduler runs.
 *
 * @param listen address and port; port 0 takes a free one
 * @param failedSeedRest how long a seed that failed at a task is not asked for it again
 * @param hostLifetime how long a host that says no interval lives without an announcement
 */
public record SchedulerConfig(
    InetSocketAddress listen, Duration failedSeedRest, Duration hostLifetime) {

  /** The defaults behind an address. */
  public static SchedulerConfig at(InetSocketAddress listen) {
    return new SchedulerConfig(listen, Duration.ofSeconds(30), Duration.ofMinutes(10));
  }
}
