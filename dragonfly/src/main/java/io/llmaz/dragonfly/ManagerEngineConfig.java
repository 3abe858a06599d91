package io.llmaz.dragonfly;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link ManagerEngine} reaches Dragonfly's manager and how long it waits.
 *
 * @param address of the manager's REST server, without {@code /oapi}
 * @param tokenFile a personal access token with the scope {@code job}, read for each request
 * @param authority certificates (PEM) that an {@code https} manager is checked with; empty for
 *     those of the JDK
 * @param schedulerClusters where files go, by the manager's ids; empty for all clusters that it has
 * @param gateway with which the addresses of files begin
 * @param callDeadline of each request
 * @param firstPause before a request is repeated; later ones are longer
 * @param poll between two looks at a job. The manager itself looks 0, 30, 90, 210 and 450 s after
 *     the job began, then each 300 s.
 * @param stale after how long without news of a job the manager has forgotten to look at it, as it
 *     does when it is started again; longer than its longest pause
 */
public record ManagerEngineConfig(
    URI address,
    Path tokenFile,
    Optional<Path> authority,
    List<Long> schedulerClusters,
    URI gateway,
    Duration callDeadline,
    Duration firstPause,
    Duration poll,
    Duration stale) {
  public ManagerEngineConfig {
    Objects.requireNonNull(tokenFile, "tokenFile is null");
    if (address.getHost() == null || !List.of("http", "https").contains(address.getScheme())) {
      throw new IllegalArgumentException("no http(s) address: " + address);
    }
    if (address.getUserInfo() != null || address.getQuery() != null) {
      throw new IllegalArgumentException("an address with a user or a query");
    }
    schedulerClusters = List.copyOf(schedulerClusters);
    if (schedulerClusters.stream().anyMatch(id -> id < 1)) {
      throw new IllegalArgumentException("no ids of scheduler clusters: " + schedulerClusters);
    }
    if (!callDeadline.isPositive()
        || !firstPause.isPositive()
        || !poll.isPositive()
        || !stale.isPositive()) {
      throw new IllegalArgumentException("a duration is not positive");
    }
  }

  /** With the usual durations: 10 s, 250 ms, 5 s, 11 min. */
  public static ManagerEngineConfig of(
      URI address,
      Path tokenFile,
      Optional<Path> authority,
      List<Long> schedulerClusters,
      URI gateway) {
    return new ManagerEngineConfig(
        address,
        tokenFile,
        authority,
        schedulerClusters,
        gateway,
        Duration.ofSeconds(10),
        Duration.ofMillis(250),
        Duration.ofSeconds(5),
        Duration.ofMinutes(11));
  }

  URI at(String path) {
    String base = address.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
