package io.llmaz.local.engine;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Network;
import io.llmaz.local.engine.proxy.ProxyServer;
import io.llmaz.local.engine.rpc.RpcServers;
import io.llmaz.local.engine.scheduling.NodeIdentity;
import io.llmaz.local.engine.scheduling.SchedulerClient;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.traffic.Bandwidth;
import io.llmaz.local.engine.traffic.Traffic;
import io.llmaz.local.engine.traffic.TrafficCounters;
import io.llmaz.local.engine.transfer.Source;
import io.llmaz.local.engine.transfer.TransferSettings;
import io.llmaz.local.engine.transfer.Transfers;
import io.llmaz.local.engine.vortex.PieceClient;
import io.llmaz.local.engine.vortex.PieceServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node of the embedded engine: one dfdaemon, with the same four doors. Two event loops
 * move the bytes of gRPC and of the proxy; everything that waits does so on virtual threads.
 */
public final class EngineNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineNode.class);
  private static final Duration PIECE_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration SCHEDULE_TIMEOUT = Duration.ofMinutes(10);
  private static final int MAX_SCHEDULES = 5;
  private static final int SOURCE_ATTEMPTS = 4;
  private static final int SUPER_SEED = 1;

  private final EngineNodeConfig config;
  private final NodeIdentity identity;
  private final TrafficCounters counters = new TrafficCounters();
  private final Deque<Closeable> parts = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final TaskStore store;
  private final PieceServer pieces;
  private final RpcServers rpc;
  private final ProxyServer proxy;
  private final Optional<SchedulerClient> scheduler;

  private EngineNode(EngineNodeConfig config) throws IOException {
    this.config = config;
    this.identity = new NodeIdentity(config.ip(), config.hostname(), config.seed());
    String name = "engine-" + config.hostname();
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name + "-timer").factory());
    parts.push(timer::shutdownNow);
    try {
      store =
          TaskStore.open(config.directory(), config.storeLimit(), InstantSource.system(), counters);
      EventLoopGroup eventLoops =
          new MultiThreadIoEventLoopGroup(
              2, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
      parts.push(() ->
          eventLoops.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly());
      ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
      parts.push(executor::shutdownNow);
      HttpClient http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(Duration.ofSeconds(5))
              .executor(executor)
              .build();
      parts.push(http::shutdownNow);
      Optional<ManagedChannel> schedulerChannel =
          config.scheduler().map(address -> connect(address, eventLoops, executor));
      schedulerChannel.ifPresent(channel -> parts.push(channel::shutdownNow));
      scheduler = schedulerChannel.map(channel -> new SchedulerClient(channel, identity));
      Transfers transfers =
          new Transfers(
              identity,
              store,
              new Source(http, counters, bandwidth(config.sourceLimit())),
              scheduler,
              new PieceClient(timer, PIECE_TIMEOUT, bandwidth(config.downloadLimit())),
              address -> connect(address, eventLoops, executor),
              counters,
              new TransferSettings(
                  config.concurrentPieces(),
                  config.pieceLength(),
                  config.stallTimeout(),
                  SCHEDULE_TIMEOUT,
                  MAX_SCHEDULES,
                  SOURCE_ATTEMPTS,
                  config.backToSource()));
      parts.push(transfers);
      pieces =
          PieceServer.start(
              new InetSocketAddress(config.ip(), config.piecePort()),
              store,
              counters,
              bandwidth(config.uploadLimit()),
              transfers::repair);
      parts.push(pieces);
      rpc =
          RpcServers.start(
              new InetSocketAddress(config.ip(), config.uploadPort()),
              config.socket().toAbsolutePath(),
              eventLoops,
              executor,
              new RpcServers.Services(
                  identity.hostId(), store, transfers, scheduler, pieces.address(), this::host));
      parts.push(rpc);
      proxy =
          new ProxyServer(
              new InetSocketAddress(config.ip(), config.proxyPort()),
              eventLoops,
              transfers,
              store,
              http,
              config.registry());
      parts.push(proxy);
    } catch (IOException | RuntimeException e) {
      closeParts();
      throw e;
    }
    if (scheduler.isPresent()) {
      // The first one at once and here: whoever starts a node may count on the scheduler knowing
      // it.
      announce();
      long interval = config.announceInterval().toMillis();
      var _ =
          timer.scheduleWithFixedDelay(this::announce, interval, interval, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Starts a node.
   *
   * @throws IOException when a port or the store cannot be had; nothing is left running
   */
  public static EngineNode start(EngineNodeConfig config) throws IOException {
    return new EngineNode(config);
  }

  /** The node's id at the scheduler. */
  public String hostId() {
    return identity.hostId();
  }

  /** Where schedulers, other nodes and our driver reach its gRPC service. */
  public InetSocketAddress uploadAddress() {
    return new InetSocketAddress(config.ip(), rpc.uploadPort());
  }

  /** Its HTTP proxy and registry mirror. */
  public InetSocketAddress proxyAddress() {
    return proxy.address();
  }

  /** Where it serves pieces. */
  public InetSocketAddress pieceAddress() {
    return pieces.address();
  }

  /** The unix socket for programs on the node. */
  public Path socket() {
    return config.socket().toAbsolutePath();
  }

  /** Its tasks on disk. */
  public TaskStore store() {
    return store;
  }

  /** What it moved since it started. */
  public Traffic traffic() {
    return counters.snapshot();
  }

  /** Says goodbye to the scheduler and stops; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      scheduler.ifPresent(client -> {
        try {
          client.leave();
        } catch (StatusRuntimeException e) {
          log.debug("The scheduler was not told that {} leaves: {}", hostId(), e.getStatus());
        }
      });
      closeParts();
    }
  }

  /** Stops as a crash would: nobody is told. What is on disk stays as it is at this moment. */
  public void kill() {
    if (closed.compareAndSet(false, true)) {
      closeParts();
    }
  }

  private void closeParts() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (IOException e) {
        log.warn("A part of {} did not close: {}", hostId(), e.getMessage());
      }
    }
  }

  private void announce() {
    try {
      scheduler.ifPresent(client -> client.announce(host(), config.announceInterval()));
    } catch (StatusRuntimeException e) {
      log.warn("The scheduler does not answer node {}: {}", hostId(), e.getStatus());
    }
  }

  private Host host() {
    return Host.newBuilder()
        .setId(identity.hostId())
        .setType(config.seed() ? SUPER_SEED : 0)
        .setHostname(config.hostname())
        .setName(config.hostname())
        .setIp(config.ip().getHostAddress())
        .setPort(rpc.uploadPort())
        .setDownloadPort(pieces.address().getPort())
        .setProxyPort(proxy.address().getPort())
        .setOs(System.getProperty("os.name"))
        .setPlatform(System.getProperty("os.arch"))
        .setNetwork(
            Network.newBuilder()
                .setMaxTxBandwidth(bandwidth(config.uploadLimit()).bitsPerSecond())
                .setMaxRxBandwidth(bandwidth(config.downloadLimit()).bitsPerSecond()))
        .setSchedulerClusterId(1)
        .build();
  }

  private static ManagedChannel connect(
      InetSocketAddress address, EventLoopGroup eventLoops, ExecutorService executor) {
    return NettyChannelBuilder.forAddress(address)
        .eventLoopGroup(eventLoops)
        .channelType(NioSocketChannel.class)
        .executor(executor)
        .usePlaintext()
        .build();
  }

  private static Bandwidth bandwidth(OptionalLong limit) {
    return limit.isPresent() ? Bandwidth.of(limit.getAsLong()) : Bandwidth.unlimited();
  }
}
