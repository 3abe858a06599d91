package io.llmaz.dragonfly;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One connection to each daemon, kept while it is used. Safe for use by many threads. */
final class Channels implements AutoCloseable {
  /** A piece is at most 64 MiB, and its message has a header. */
  private static final int MAX_MESSAGE_BYTES = 72 << 20;

  /**
   * grpc-java servers end a connection after three pings that come within five minutes of silence;
   * this is rarer, and finds a dead machine in two minutes.
   */
  private static final Duration KEEPALIVE = Duration.ofSeconds(100);

  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private final Map<SeedAddress, ManagedChannel> open = new ConcurrentHashMap<>();
  private final Duration healthDeadline;

  Channels(Duration healthDeadline) {
    this.healthDeadline = healthDeadline;
  }

  ManagedChannel to(SeedAddress address) {
    return open.computeIfAbsent(
        address,
        seed ->
            NettyChannelBuilder.forAddress(seed.host(), seed.port())
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .idleTimeout(IDLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build());
  }

  /** Whether the daemon answers and says that it serves; one without a health service does. */
  boolean healthy(SeedAddress address) {
    try {
      return HealthGrpc.newBlockingStub(to(address))
              .withDeadlineAfter(healthDeadline.toMillis(), TimeUnit.MILLISECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNIMPLEMENTED, NOT_FOUND -> true;
        default -> false;
      };
    }
  }

  /** Lets go of daemons that are gone; what runs on their connections may end. */
  void retain(Collection<SeedAddress> addresses) {
    open.keySet().stream()
        .filter(address -> !addresses.contains(address))
        .map(open::remove)
        .forEach(channel -> {
          if (channel != null) {
            channel.shutdown();
          }
        });
  }

  @Override
  public void close() {
    open.values().forEach(ManagedChannel::shutdownNow);
  }
}
