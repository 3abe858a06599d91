package io.llmaz.scheduler;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.llmaz.dragonfly.EarlyHeaders;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A running scheduler: {@code scheduler.v2} and {@code grpc.health.v1} on one port. */
public final class SchedulerServer implements AutoCloseable {
  private static final long TICK_SECONDS = 1;
  private static final int EVENT_LOOPS = 2;

  private final Server server;
  private final SeedClient seedClient;
  private final ScheduledExecutorService ticker;
  private final EventLoopGroup eventLoops;

  private SchedulerServer(
      Server server,
      SeedClient seedClient,
      ScheduledExecutorService ticker,
      EventLoopGroup eventLoops) {
    this.eventLoops = eventLoops;
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
    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("scheduler-io", true), NioIoHandler.newFactory());
    try {
      Server server =
          NettyServerBuilder.forAddress(config.listen())
              .channelFactory(ResettingServerChannel::new)
              .bossEventLoopGroup(eventLoops)
              .workerEventLoopGroup(eventLoops)
              .addService(
                  ServerInterceptors.intercept(new SchedulerService(swarm), new EarlyHeaders()))
              .addService(new HealthStatusManager().getHealthService())
              .build()
              .start();
      ticker.scheduleWithFixedDelay(swarm::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
      return new SchedulerServer(server, seedClient, ticker, eventLoops);
    } catch (IOException e) {
      ticker.shutdownNow();
      seedClient.close();
      stop(eventLoops);
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
    stop(eventLoops);
  }

  private static void stop(EventLoopGroup eventLoops) {
    Future<?> unused = eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
