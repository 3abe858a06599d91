package io.llmaz.scheduler;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.llmaz.dragonfly.EarlyHeaders;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running scheduler: {@code scheduler.v2}, health and reflection on one port. */
public final class SchedulerServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchedulerServer.class);
  private static final long TICK_SECONDS = 1;

  /** After twice this a host that lost its power is gone: its streams break. */
  private static final long KEEP_ALIVE_SECONDS = 5;

  private static final int EVENT_LOOPS = 2;

  private final Server server;
  private final Swarm swarm;
  private final HealthStatusManager health;
  private final SeedClient seedClient;
  private final ScheduledExecutorService ticker;
  private final ExecutorService deciding;
  private final EventLoopGroup eventLoops;

  private SchedulerServer(
      Server server,
      Swarm swarm,
      HealthStatusManager health,
      SeedClient seedClient,
      ScheduledExecutorService ticker,
      ExecutorService deciding,
      EventLoopGroup eventLoops) {
    this.deciding = deciding;
    this.eventLoops = eventLoops;
    this.server = server;
    this.swarm = swarm;
    this.health = health;
    this.seedClient = seedClient;
    this.ticker = ticker;
  }

  /**
   * Starts one whose figures nobody reads.
   *
   * @throws UncheckedIOException when the address is in use or not ours
   */
  public static SchedulerServer start(SchedulerConfig config) {
    return start(config, new SimpleMeterRegistry());
  }

  /**
   * Starts one.
   *
   * @throws UncheckedIOException when the address is in use or not ours
   */
  static SchedulerServer start(SchedulerConfig config, MeterRegistry registry) {
    SeedClient seedClient = new GrpcSeedClient();
    SchedulerMetrics metrics = new SchedulerMetrics(registry);
    ExecutorService deciding = deciding();
    Swarm swarm =
        new Swarm(config, InstantSource.system(), seedClient, metrics, new HostRates(), deciding);
    metrics.watch(swarm);
    HealthStatusManager health = new HealthStatusManager();
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
              // No call waits for anything: a thread of its own would cost more than it does.
              .directExecutor()
              .addService(
                  ServerInterceptors.intercept(
                      new SchedulerService(swarm, metrics), new EarlyHeaders()))
              .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
              .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
              .addService(health.getHealthService())
              .addService(ProtoReflectionServiceV1.newInstance())
              .build()
              .start();
      var _ =
          ticker.scheduleWithFixedDelay(swarm::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
      return new SchedulerServer(server, swarm, health, seedClient, ticker, deciding, eventLoops);
    } catch (IOException e) {
      ticker.shutdownNow();
      deciding.shutdownNow();
      seedClient.close();
      stop(eventLoops);
      throw new UncheckedIOException("cannot listen at " + config.listen(), e);
    }
  }

  /**
   * One thread for decisions: what is heard about a task while it decides is decided about next,
   * all of it together. Streams that end with the server need no more decisions. A bug ends the
   * decision about one task; the next tick decides about it again.
   */
  private static ExecutorService deciding() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        Thread.ofPlatform()
            .daemon()
            .name("scheduler-decide")
            .uncaughtExceptionHandler((thread, bug) -> log.error("a decision failed", bug))
            .factory(),
        new ThreadPoolExecutor.DiscardPolicy());
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Ids of the tasks that peers have or want. */
  List<String> taskIds() {
    return swarm.taskIds();
  }

  int hostCount() {
    return swarm.hostCount();
  }

  /** A task as it is now. */
  Optional<TaskTree> taskTree(String task) {
    return swarm.picture(task);
  }

  /** Whether new calls are taken. */
  boolean serving() {
    return !server.isShutdown();
  }

  /**
   * Takes no new calls, says so to whoever asks for its health, and lets conversations under way
   * end.
   *
   * @param grace for so long at most
   */
  void drain(Duration grace) {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("stopped with conversations under way: their daemons go on and come back");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    deciding.shutdownNow();
    stop(eventLoops);
  }

  private static void stop(EventLoopGroup eventLoops) {
    var _ = eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
