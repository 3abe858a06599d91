package io.llmaz.dragonfly;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * One connection to each daemon, kept while it is used: in the clear, or with certificates on both
 * sides. Safe for use by many threads.
 */
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
  private final Optional<MutualTls> tls;

  Channels(Duration healthDeadline, Optional<TlsFiles> tls) {
    this.healthDeadline = healthDeadline;
    this.tls = tls.map(MutualTls::new);
  }

  /**
   * A connection, which need not be up.
   *
   * @throws EngineException unavailable, while our certificates cannot be used
   */
  ManagedChannel to(SeedAddress address) {
    return open.computeIfAbsent(
        address,
        seed ->
            builder(seed)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .idleTimeout(IDLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build());
  }

  private NettyChannelBuilder builder(SeedAddress seed) {
    if (tls.isEmpty()) {
      return NettyChannelBuilder.forAddress(seed.host(), seed.port()).usePlaintext();
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(seed.host(), seed.port(), tls.get().credentials());
    String name = tls.get().files().serverName();
    return name == null ? builder : builder.overrideAuthority(name);
  }

  /** Whether the daemon answers and says that it serves; one without a health service does. */
  boolean healthy(SeedAddress address) {
    return whyNot(address).isEmpty();
  }

  /** Why a daemon does not serve; empty when it does. */
  Optional<String> whyNot(SeedAddress address) {
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(to(address))
              .withDeadlineAfter(healthDeadline.toMillis(), TimeUnit.MILLISECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();
      return status == ServingStatus.SERVING ? Optional.empty() : Optional.of("says " + status);
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNIMPLEMENTED, NOT_FOUND -> Optional.empty();
        default -> Optional.of(why(e.getStatus()));
      };
    } catch (EngineException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** A failed handshake is only in the cause: who sets certificates up needs to read of it. */
  private static String why(Status status) {
    Throwable cause = status.getCause();
    return cause instanceof SSLException
        ? status.getCode() + ", " + cause
        : status.getCode().toString();
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
    tls.ifPresent(MutualTls::close);
    open.values().forEach(ManagedChannel::shutdownNow);
  }
}
