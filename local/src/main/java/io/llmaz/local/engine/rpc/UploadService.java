package io.llmaz.local.engine.rpc;

import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Task;
import io.llmaz.dragonfly.api.dfdaemon.DeleteTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.SyncHostRequest;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesRequest;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** {@code dfdaemon.v2.DfdaemonUpload}: what schedulers and other nodes ask, on TCP. */
final class UploadService extends DfdaemonUploadGrpc.DfdaemonUploadImplBase {
  private static final Duration HOST_INTERVAL = Duration.ofSeconds(2);

  private final TaskCalls calls;
  private final PieceOffers offers;
  private final Supplier<Host> host;

  UploadService(TaskCalls calls, PieceOffers offers, Supplier<Host> host) {
    this.calls = calls;
    this.offers = offers;
    this.host = host;
  }

  @Override
  public void downloadTask(
      DownloadTaskRequest request, StreamObserver<DownloadTaskResponse> answer) {
    if (!request.hasDownload()) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription("missing download").asException());
      return;
    }
    calls.download(request.getDownload(), true, answer);
  }

  @Override
  public void statTask(StatTaskRequest request, StreamObserver<Task> answer) {
    DownloadService.reply(answer, () -> calls.stat(request.getTaskId()));
  }

  @Override
  public void statLocalTask(
      StatLocalTaskRequest request, StreamObserver<StatLocalTaskResponse> answer) {
    DownloadService.reply(answer, () -> calls.statLocal(request.getTaskId()));
  }

  @Override
  public void deleteTask(DeleteTaskRequest request, StreamObserver<Empty> answer) {
    DownloadService.reply(
        answer,
        () -> {
          calls.delete(request.getTaskId());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void syncPieces(SyncPiecesRequest request, StreamObserver<SyncPiecesResponse> answer) {
    Outbox<SyncPiecesResponse> out =
        new Outbox<>((ServerCallStreamObserver<SyncPiecesResponse>) answer);
    Thread.ofVirtual().name("sync-pieces").start(() -> offers.stream(request, out));
  }

  @Override
  public void syncHost(SyncHostRequest request, StreamObserver<Host> answer) {
    Outbox<Host> out = new Outbox<>((ServerCallStreamObserver<Host>) answer);
    Thread.ofVirtual()
        .name("sync-host")
        .start(() -> {
          try {
            while (!out.cancelled()) {
              out.send(host.get());
              LockSupport.parkNanos(HOST_INTERVAL.toNanos());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
