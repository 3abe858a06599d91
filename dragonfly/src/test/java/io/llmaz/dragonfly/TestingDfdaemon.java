package io.llmaz.dragonfly;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.llmaz.dragonfly.api.dfdaemon.DeleteTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadPieceFinishedResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskStartedResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import io.llmaz.dragonfly.api.scheduler.ListHostsRequest;
import io.llmaz.dragonfly.api.scheduler.ListHostsResponse;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A daemon made by hand: knows the length of each file at the source, tells pieces of four bytes,
 * and can be told to stop after the first piece or to fail. Lists itself as a scheduler does.
 */
final class TestingDfdaemon implements AutoCloseable {
  static final int PIECE = 4;
  private static final int PATIENCE_SECONDS = 20;

  final List<Download> downloads = new CopyOnWriteArrayList<>();
  final List<Host> hosts = new CopyOnWriteArrayList<>();
  final CountDownLatch cancelled = new CountDownLatch(1);
  private final Map<String, Integer> source = new ConcurrentHashMap<>();
  private final Map<String, Integer> store = new ConcurrentHashMap<>();
  private final HealthStatusManager health = new HealthStatusManager();
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final ServerCredentials credentials;
  private volatile Server server;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile StatusRuntimeException failure = Status.UNKNOWN.asRuntimeException();
  private volatile int failAfter = Integer.MAX_VALUE;
  private volatile boolean truncate;
  private volatile boolean silentWhenStored = true;

  TestingDfdaemon() throws IOException {
    this(InsecureServerCredentials.create());
  }

  /** With certificates, say. */
  TestingDfdaemon(ServerCredentials credentials) throws IOException {
    this.credentials = credentials;
    server = serve(0);
  }

  /** As a daemon that keeps its store. */
  void restart() throws IOException, InterruptedException {
    int port = server.getPort();
    close();
    server = serve(port);
  }

  private Server serve(int port) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port), credentials)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .addService(new Upload())
        .addService(new Lister())
        .addService(health.getHealthService())
        .build()
        .start();
  }

  SeedAddress address() {
    return new SeedAddress("127.0.0.1", server.getPort());
  }

  void publish(String url, int length) {
    source.put(url, length);
  }

  void remove(String url) {
    source.remove(url);
  }

  void refuse(String url, int status) {
    refused.put(url, status);
  }

  /** Content bytes of the source, a task that two ask for at once counted once. */
  long sent() {
    return sent.get();
  }

  /** Nothing comes after the first piece until {@link #release}. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  void failAfter(int pieces, StatusRuntimeException how) {
    failure = how;
    failAfter = pieces;
  }

  void truncate() {
    truncate = true;
  }

  /** Tells pieces also of files it has, as the embedded engine does. */
  void tellWhatIsStored() {
    silentWhenStored = false;
  }

  void unhealthy() {
    health.enterTerminalState();
  }

  boolean has(String taskId) {
    return store.containsKey(taskId);
  }

  /** What a real daemon says when the source refuses. */
  static StatusRuntimeException refusedBySource(int code, String reason) {
    return Status.INTERNAL
        .withDescription("backend error: " + code + " " + reason)
        .asRuntimeException();
  }

  @Override
  public void close() throws InterruptedException {
    gate.countDown();
    server.shutdownNow();
    server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private final class Upload extends DfdaemonUploadGrpc.DfdaemonUploadImplBase {
    @Override
    public void downloadTask(
        DownloadTaskRequest request, StreamObserver<DownloadTaskResponse> answer) {
      Download download = request.getDownload();
      downloads.add(download);
      ((ServerCallStreamObserver<DownloadTaskResponse>) answer)
          .setOnCancelHandler(cancelled::countDown);
      Thread.ofVirtual().start(() -> stream(download, answer));
    }

    private void stream(Download download, StreamObserver<DownloadTaskResponse> answer) {
      String id =
          download.getEnableTaskIdBasedBlobDigest()
              ? TaskIds.ofBlobUrl(download.getUrl())
              : TaskIds.ofContent(download.getContentForCalculatingTaskId());
      boolean stored = store.containsKey(id);
      Integer length = stored ? store.get(id) : source.get(download.getUrl());
      try {
        if (failAfter == 0) {
          throw failure;
        }
        if (length == null) {
          throw refusedBySource(refused.getOrDefault(download.getUrl(), 404), "as told");
        }
        if (stored && silentWhenStored) {
          answer.onCompleted();
          return;
        }
        if (!stored && running.add(id)) {
          sent.addAndGet(length);
        }
        DownloadTaskResponse.Builder envelope = DownloadTaskResponse.newBuilder().setTaskId(id);
        answer.onNext(
            envelope
                .setDownloadTaskStartedResponse(
                    DownloadTaskStartedResponse.newBuilder()
                        .setContentLength(length)
                        .setIsFinished(stored))
                .build());
        int pieces = (length + PIECE - 1) / PIECE;
        for (int number = 0; number < (truncate ? pieces - 1 : pieces); number++) {
          if (number >= failAfter) {
            throw failure;
          }
          if (number > 0 && !gate.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a test held a piece and forgot it");
          }
          answer.onNext(
              envelope
                  .setDownloadPieceFinishedResponse(
                      DownloadPieceFinishedResponse.newBuilder()
                          .setPiece(
                              Piece.newBuilder()
                                  .setNumber(number)
                                  .setLength(Math.min(PIECE, length - number * PIECE))
                                  .setTrafficType(TrafficType.BACK_TO_SOURCE)))
                  .build());
        }
        store.put(id, length);
        running.remove(id);
        answer.onCompleted();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (StatusRuntimeException e) {
        answer.onError(e);
      }
    }

    @Override
    public void statLocalTask(
        StatLocalTaskRequest request, StreamObserver<StatLocalTaskResponse> answer) {
      Integer length = store.get(request.getTaskId());
      if (length == null) {
        answer.onError(Status.NOT_FOUND.asRuntimeException());
        return;
      }
      answer.onNext(
          StatLocalTaskResponse.newBuilder()
              .setTaskId(request.getTaskId())
              .setContentLength(length)
              .setFinishedAt(Timestamp.getDefaultInstance())
              .build());
      answer.onCompleted();
    }

    @Override
    public void deleteTask(DeleteTaskRequest request, StreamObserver<Empty> answer) {
      if (store.remove(request.getTaskId()) == null) {
        answer.onError(
            Status.INTERNAL
                .withDescription("task " + request.getTaskId() + " not found")
                .asRuntimeException());
        return;
      }
      answer.onNext(Empty.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private final class Lister extends SchedulerGrpc.SchedulerImplBase {
    @Override
    public void listHosts(ListHostsRequest request, StreamObserver<ListHostsResponse> answer) {
      answer.onNext(ListHostsResponse.newBuilder().addAllHosts(hosts).build());
      answer.onCompleted();
    }
  }

  static Metadata details(String json) {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
        json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return trailers;
  }
}
