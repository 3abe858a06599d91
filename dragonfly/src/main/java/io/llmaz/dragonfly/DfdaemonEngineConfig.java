package io.llmaz.dragonfly;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a {@link DfdaemonEngine} finds seeds and how long it waits for them. Of daemons whose
 * addresses are known ({@link DfdaemonNodes}) it says the latter alone.
 *
 * @param seeds upload ports of seed peers; a name with several addresses stands for a seed at each
 * @param scheduler asked for more seeds (hosts of type super); empty when the list above is whole
 * @param callDeadline of each call that is not a transfer
 * @param stallTimeout how long a seed may stay silent in a transfer before it is given up. A seed
 *     is silent while the source sends one piece, which is up to 64 MiB.
 * @param seedListAge how old the scheduler's answer may be
 * @param tls certificates for daemons and scheduler; empty for connections in the clear
 */
public record DfdaemonEngineConfig(
    List<SeedAddress> seeds,
    Optional<SeedAddress> scheduler,
    Duration callDeadline,
    Duration stallTimeout,
    Duration seedListAge,
    Optional<TlsFiles> tls) {
  public DfdaemonEngineConfig {
    seeds = List.copyOf(seeds);
    if (!callDeadline.isPositive() || !stallTimeout.isPositive() || seedListAge.isNegative()) {
      throw new IllegalArgumentException("a duration is not positive");
    }
  }

  /** With the usual durations: 3 s, 5 min, 10 s. */
  public static DfdaemonEngineConfig of(List<SeedAddress> seeds, Optional<SeedAddress> scheduler) {
    return new DfdaemonEngineConfig(
        seeds,
        scheduler,
        Duration.ofSeconds(3),
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        Optional.empty());
  }

  /** The same with another {@link #stallTimeout}. */
  public DfdaemonEngineConfig withStallTimeout(Duration timeout) {
    return new DfdaemonEngineConfig(seeds, scheduler, callDeadline, timeout, seedListAge, tls);
  }

  /** The same with certificates. */
  public DfdaemonEngineConfig withTls(Optional<TlsFiles> files) {
    return new DfdaemonEngineConfig(
        seeds, scheduler, callDeadline, stallTimeout, seedListAge, files);
  }
}
