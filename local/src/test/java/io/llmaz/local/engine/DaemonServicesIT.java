package io.llmaz.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.dragonfly.TaskIds;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Range;
import io.llmaz.dragonfly.api.dfdaemon.DeleteTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonDownloadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.ListLocalTasksRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.SyncHostRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gRPC doors of one node: the unix socket as dfget uses it, the upload port. */
@Timeout(30)
final class DaemonServicesIT {
  private static final int SIZE = TestingCluster.PIECE * 5 + 1;

  @TempDir Path directory;
  private TestingCluster cluster;
  private EngineNode node;
  private EventLoopGroup eventLoops;
  private ManagedChannel socket;
  private ManagedChannel upload;
  private final byte[] content = TestingOrigin.random(SIZE, 1);
  private String url = "";

  @BeforeEach
  void start() throws Exception {
    cluster = new TestingCluster(directory);
    node = cluster.peer("node");
    url = cluster.origin.put("/file", content);
    eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    socket =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(node.socket()))
            .eventLoopGroup(eventLoops)
            .channelType(NioDomainSocketChannel.class)
            .overrideAuthority("localhost")
            .maxInboundMessageSize(80 << 20)
            .usePlaintext()
            .build();
    upload = NettyChannelBuilder.forAddress(node.uploadAddress()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    socket.shutdownNow();
    upload.shutdownNow();
    cluster.close();
    var _ = eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void downloadTask_withPieceContent_streamsStartedAndEveryPiece() {
    List<DownloadTaskResponse> messages =
        download(Download.newBuilder().setUrl(url).setNeedPieceContent(true));
    var started = messages.getFirst().getDownloadTaskStartedResponse();
    assertThat(started.getContentLength()).isEqualTo(SIZE);
    assertThat(started.getPiecesCount()).isEqualTo(6);
    ByteBuffer whole = ByteBuffer.allocate(SIZE);
    for (DownloadTaskResponse message : messages.subList(1, messages.size())) {
      var piece = message.getDownloadPieceFinishedResponse().getPiece();
      whole.put((int) piece.getOffset(), piece.getContent().toByteArray());
    }
    assertThat(messages).hasSize(7);
    assertThat(whole.array()).isEqualTo(content);
  }

  @Test
  void downloadTask_ofARange_namesItsPiecesOnly() {
    List<DownloadTaskResponse> messages =
        download(
            Download.newBuilder()
                .setUrl(url)
                .setRange(Range.newBuilder().setStart(TestingCluster.PIECE * 2L - 1).setLength(2)));
    assertThat(messages.getFirst().getDownloadTaskStartedResponse().getPiecesList())
        .extracting(piece -> piece.getNumber())
        .containsExactly(1, 2);
    assertThat(messages).hasSize(3);
  }

  @Test
  void downloadTask_withAnOutputPath_linksTheWholeFileThere() throws Exception {
    Path output = directory.resolve("output");
    var _ = download(Download.newBuilder().setUrl(url).setOutputPath(output.toString()));
    assertThat(output).hasBinaryContent(content);
    assertThat(Files.isSameFile(output, node.store().list().getFirst().contentFile())).isTrue();
  }

  @Test
  void downloadTask_whenTheOutputExists_isRefusedAndLeavesIt() throws Exception {
    Path output = directory.resolve("output");
    Files.writeString(output, "mine");
    assertThatThrownBy(
            () -> download(Download.newBuilder().setUrl(url).setOutputPath(output.toString())))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.ALREADY_EXISTS));
    assertThat(output).hasContent("mine");
  }

  @Test
  void downloadTask_withAWrongDigest_publishesNothing() {
    Path output = directory.resolve("output");
    assertThatThrownBy(() ->
            download(
                Download.newBuilder()
                    .setUrl(url)
                    .setDigest("sha256:" + "0".repeat(64))
                    .setOutputPath(output.toString())))
        .hasMessageContaining("digest mismatch");
    assertThat(output).doesNotExist();
  }

  @Test
  void downloadTask_whenTheSourceSays404_isABackendError() {
    assertThatThrownBy(() -> download(Download.newBuilder().setUrl(cluster.origin.url("/nope"))))
        .hasMessageContaining("backend error: the source answered 404")
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.INTERNAL));
  }

  @Test
  void downloadTask_ofAnotherScheme_isABadArgument() {
    assertThatThrownBy(() -> download(Download.newBuilder().setUrl("file:///etc/passwd")))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.INVALID_ARGUMENT));
  }

  @Test
  void statListAndDelete_followTheTask() {
    String id = TaskIds.ofContent("key");
    var stub = DfdaemonDownloadGrpc.newBlockingStub(socket);
    assertThatThrownBy(
            () -> stub.statLocalTask(StatLocalTaskRequest.newBuilder().setTaskId(id).build()))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.NOT_FOUND));
    var _ = download(Download.newBuilder().setUrl(url).setContentForCalculatingTaskId("key"));
    var stat = stub.statLocalTask(StatLocalTaskRequest.newBuilder().setTaskId(id).build());
    assertThat(stat.getContentLength()).isEqualTo(SIZE);
    assertThat(stat.hasFinishedAt()).isTrue();
    assertThat(stub.listLocalTasks(ListLocalTasksRequest.getDefaultInstance()).getTasksList())
        .containsExactly(stat);
    var gone =
        DfdaemonUploadGrpc.newBlockingStub(upload)
            .deleteTask(DeleteTaskRequest.newBuilder().setTaskId(id).build());
    assertThat(gone).isNotNull();
    assertThat(node.store().list()).isEmpty();
  }

  @Test
  void health_onBothDoors_isServing() {
    for (ManagedChannel channel : List.of(socket, upload)) {
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }
  }

  @Test
  void syncHost_underATonicsTimeout_outlivesIt() {
    var hosts =
        DfdaemonUploadGrpc.newBlockingStub(upload)
            .withInterceptors(TestingShortTimeout.of("1m"))
            .syncHost(SyncHostRequest.getDefaultInstance());
    assertThat(hosts.next().getIp()).isEqualTo(node.uploadAddress().getHostString());
    assertThat(hosts.next().getHostname()).isEqualTo("node");
  }

  private List<DownloadTaskResponse> download(Download.Builder download) {
    Iterable<DownloadTaskResponse> messages =
        () ->
            DfdaemonDownloadGrpc.newBlockingStub(socket)
                .downloadTask(DownloadTaskRequest.newBuilder().setDownload(download).build());
    return StreamSupport.stream(messages.spliterator(), false).toList();
  }

  private static Status.Code code(Throwable failure) {
    return ((StatusRuntimeException) failure).getStatus().getCode();
  }
}
