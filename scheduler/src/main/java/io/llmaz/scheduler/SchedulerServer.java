package io.llmaz.scheduler;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.llmaz.dragonfly.EarlyHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A running scheduler: {@code scheduler.v2} and {@code grpc.health.v1} on one port. */
public final class SchedulerServer implements AutoCloseable {
  private static final long TICK_SECONDS = 1;

  private final Server server;
  private final SeedClient seedClient;
  private final ScheduledExecutorService ticker;

  private SchedulerServer(Server server, SeedClient seedClient, ScheduledExecutorService ticker) {
    this.server = server;
    this.seedClient = seedClient;
    this.ticker = ticker;
  }

  /**
   * Starts one.
   *
   * @throws UncheckedIOException when the address is in use or not ours
   */
  public static SchedulerServer start(SchedulerConfig config) {
    SeedClient seedClient = new GrpcSeedClient();
    Swarm swarm = new Swarm(config, InstantSource.system(), seedClient);
    ScheduledExecutorService ticker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scheduler-tick").factory());
    try {
      Server server =
          NettyServerBuilder.forAddress(config.listen())
              .addService(
                  ServerInterceptors.intercept(new SchedulerService(swarm), new EarlyHeaders()))
              .addService(new HealthStatusManager().getHealthService())
              .build()
              .start();
      ticker.scheduleWithFixedDelay(swarm::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
      return new SchedulerServer(server, seedClient, ticker);
    } catch (IOException e) {
      ticker.shutdownNow();
      seedClient.close();
      throw new UncheckedIOException("cannot listen at " + config.listen(), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    server.shutdownNow();
    seedClient.close();
    try {
      server.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
