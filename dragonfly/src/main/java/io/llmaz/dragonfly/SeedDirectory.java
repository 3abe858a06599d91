package io.llmaz.dragonfly;

import io.grpc.StatusRuntimeException;
import io.llmaz.dragonfly.api.scheduler.ListHostsRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seeds that there are now: those named in the configuration, at each of their addresses, and
 * those that the scheduler lists. A scheduler that is away leaves its last answer in force. Safe
 * for use by many threads; one of them asks, the others wait for its answer.
 */
final class SeedDirectory {
  private static final Logger log = LoggerFactory.getLogger(SeedDirectory.class);

  /** Dragonfly's host type of a super seed. */
  private static final int SUPER_SEED = 1;

  private final DfdaemonEngineConfig config;
  private final Channels channels;
  private final InstantSource clock;
  private List<SeedAddress> listed = List.of();
  private @Nullable Instant askedAt;
  private boolean schedulerAway;

  SeedDirectory(DfdaemonEngineConfig config, Channels channels, InstantSource clock) {
    this.config = config;
    this.channels = channels;
    this.clock = clock;
  }

  synchronized List<SeedAddress> seeds() {
    Set<SeedAddress> seeds = new LinkedHashSet<>();
    config.seeds().forEach(seed -> seeds.addAll(addresses(seed)));
    if (config.scheduler().isPresent()) {
      SeedAddress scheduler = config.scheduler().get();
      refresh(scheduler);
      seeds.addAll(listed);
      channels.retain(Stream.concat(seeds.stream(), Stream.of(scheduler)).toList());
    }
    return List.copyOf(seeds);
  }

  private void refresh(SeedAddress scheduler) {
    Instant now = clock.instant();
    if (askedAt != null && Duration.between(askedAt, now).compareTo(config.seedListAge()) < 0) {
      return;
    }
    try {
      listed =
          SchedulerGrpc.newBlockingStub(channels.to(scheduler))
              .withDeadlineAfter(config.callDeadline().toMillis(), TimeUnit.MILLISECONDS)
              .listHosts(ListHostsRequest.newBuilder().setType(SUPER_SEED).build())
              .getHostsList()
              .stream()
              .filter(host -> host.getType() == SUPER_SEED)
              .filter(host -> !host.getIp().isEmpty() && host.getPort() > 0)
              .map(host -> new SeedAddress(host.getIp(), host.getPort()))
              .toList();
      askedAt = now;
      schedulerAway = false;
    } catch (StatusRuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (!schedulerAway) {
        log.warn(
            "Scheduler {} does not list its seeds ({}); the last {} stay in use",
            scheduler,
            e.getStatus().getCode(),
            listed.size());
      }
      schedulerAway = true;
    }
  }

  private static List<SeedAddress> addresses(SeedAddress seed) {
    try {
      List<SeedAddress> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(seed.host())) {
        addresses.add(new SeedAddress(address.getHostAddress(), seed.port()));
      }
      return addresses;
    } catch (UnknownHostException e) {
      // A seed whose name is not there yet or any more is a seed that is away.
      log.debug("No address of seed {}", seed);
      return List.of();
    }
  }
}
