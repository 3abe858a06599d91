package io.llmaz.cli.dfget;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonDownloadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadPieceFinishedResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskStartedResponse;
import io.llmaz.dragonfly.api.dfdaemon.Entry;
import io.llmaz.dragonfly.api.dfdaemon.ListTaskEntriesRequest;
import io.llmaz.dragonfly.api.dfdaemon.ListTaskEntriesResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A daemon made by hand: each file's content is its URL. */
final class TestingDaemon extends DfdaemonDownloadGrpc.DfdaemonDownloadImplBase
    implements AutoCloseable {
  final List<ListTaskEntriesRequest> listed = new CopyOnWriteArrayList<>();
  final List<Download> downloads = new CopyOnWriteArrayList<>();
  final Map<String, StatusRuntimeException> failingOnce = new ConcurrentHashMap<>();
  volatile List<Entry> entries = List.of();
  volatile @Nullable StatusRuntimeException listingFails;
  volatile Consumer<Download> onDownload = download -> {};
  private final Path socket;
  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Server server;

  TestingDaemon(Path folder) throws IOException {
    socket = folder.resolve("d.sock");
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(eventLoops)
            .workerEventLoopGroup(eventLoops)
            .executor(threads)
            .addService(this)
            .build()
            .start();
  }

  Path socket() {
    return socket;
  }

  void hasFiles(String... urls) {
    entries = List.of(urls).stream().map(url -> Entry.newBuilder().setUrl(url).build()).toList();
  }

  @Override
  public void listTaskEntries(
      ListTaskEntriesRequest request, StreamObserver<ListTaskEntriesResponse> answer) {
    listed.add(request);
    StatusRuntimeException failure = listingFails;
    if (failure != null) {
      answer.onError(failure);
      return;
    }
    answer.onNext(ListTaskEntriesResponse.newBuilder().addAllEntries(entries).build());
    answer.onCompleted();
  }

  @Override
  public void downloadTask(
      DownloadTaskRequest request, StreamObserver<DownloadTaskResponse> answer) {
    Download download = request.getDownload();
    downloads.add(download);
    onDownload.accept(download);
    StatusRuntimeException failure = failingOnce.remove(download.getUrl());
    if (failure != null) {
      answer.onError(failure);
      return;
    }
    byte[] content = download.getUrl().getBytes(StandardCharsets.UTF_8);
    try {
      Files.write(Path.of(download.getOutputPath()), content);
    } catch (IOException e) {
      answer.onError(Status.INTERNAL.withDescription(e.toString()).asException());
      return;
    }
    Piece piece = Piece.newBuilder().setLength(content.length).build();
    DownloadTaskResponse.Builder envelope = DownloadTaskResponse.newBuilder().setTaskId("task");
    answer.onNext(
        envelope
            .setDownloadTaskStartedResponse(
                DownloadTaskStartedResponse.newBuilder()
                    .setContentLength(content.length)
                    .addPieces(piece))
            .build());
    answer.onNext(
        envelope
            .setDownloadPieceFinishedResponse(
                DownloadPieceFinishedResponse.newBuilder().setPiece(piece))
            .build());
    answer.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
    threads.shutdownNow();
    var _ = eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
