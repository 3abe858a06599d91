package io.llmaz.local.engine.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.llmaz.dragonfly.EarlyHeaders;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.local.engine.scheduling.SchedulerClient;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.transfer.Transfers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The two gRPC servers of a node and their health services. */
public final class RpcServers implements Closeable {
  private static final int MAX_MESSAGE = 80 << 20;
  private static final int MAX_SOCKET_PATH = 107;

  private final Server upload;
  private final Server download;
  private final Path socket;

  private RpcServers(Server upload, Server download, Path socket) {
    this.upload = upload;
    this.download = download;
    this.socket = socket;
  }

  /**
   * What the services work with.
   *
   * @param pieces where this node serves pieces, for {@code SyncPieces}
   * @param host this node as it announces itself
   */
  public record Services(
      String hostId,
      TaskStore store,
      Transfers transfers,
      Optional<SchedulerClient> scheduler,
      InetSocketAddress pieces,
      Supplier<Host> host) {}

  /**
   * Starts both.
   *
   * @param socket path of the unix socket; what an earlier process left there is removed
   * @throws IOException when an address cannot be had
   */
  public static RpcServers start(
      InetSocketAddress uploadAddress,
      Path socket,
      EventLoopGroup eventLoops,
      Executor executor,
      Services services)
      throws IOException {
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
      throw new IOException(
          "path of the unix socket is longer than " + MAX_SOCKET_PATH + " bytes: " + socket);
    }
    Files.deleteIfExists(socket);
    TaskCalls calls =
        new TaskCalls(
            services.hostId(), services.store(), services.transfers(), services.scheduler());
    PieceOffers offers = new PieceOffers(services.store(), services.transfers(), services.pieces());
    Server upload =
        server(
            uploadAddress,
            NioServerSocketChannel.class,
            eventLoops,
            executor,
            new UploadService(calls, offers, services.host()));
    try {
      Server download =
          server(
              UnixDomainSocketAddress.of(socket),
              NioServerDomainSocketChannel.class,
              eventLoops,
              executor,
              new DownloadService(calls));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
      return new RpcServers(upload, download, socket);
    } catch (IOException e) {
      upload.shutdownNow();
      throw e;
    }
  }

  /** Port of the upload service. */
  public int uploadPort() {
    return upload.getPort();
  }

  @Override
  public void close() throws IOException {
    upload.shutdownNow();
    download.shutdownNow();
    try {
      upload.awaitTermination(1, TimeUnit.SECONDS);
      download.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(socket);
  }

  private static Server server(
      SocketAddress address,
      Class<? extends ServerChannel> channelType,
      EventLoopGroup eventLoops,
      Executor executor,
      BindableService service)
      throws IOException {
    try {
      return NettyServerBuilder.forAddress(address)
          .channelType(channelType)
          .bossEventLoopGroup(eventLoops)
          .workerEventLoopGroup(eventLoops)
          .executor(executor)
          .maxInboundMessageSize(MAX_MESSAGE)
          .addStreamTracerFactory(new StreamDeadlines())
          .addService(ServerInterceptors.intercept(service, new EarlyHeaders()))
          .addService(new HealthStatusManager().getHealthService())
          .build()
          .start();
    } catch (IOException e) {
      throw new IOException("cannot listen for gRPC on " + address + ": " + e.getMessage(), e);
    }
  }
}
