package io.llmaz.local.engine.rpc;

import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Task;
import io.llmaz.dragonfly.api.dfdaemon.DeleteLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DeleteTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonDownloadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.ListLocalTasksRequest;
import io.llmaz.dragonfly.api.dfdaemon.ListLocalTasksResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatTaskRequest;
import java.io.IOException;

/** {@code dfdaemon.v2.DfdaemonDownload}: what programs on the node ask, on a unix socket. */
final class DownloadService extends DfdaemonDownloadGrpc.DfdaemonDownloadImplBase {
  private final TaskCalls calls;

  DownloadService(TaskCalls calls) {
    this.calls = calls;
  }

  @Override
  public void downloadTask(
      DownloadTaskRequest request, StreamObserver<DownloadTaskResponse> answer) {
    if (!request.hasDownload()) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription("missing download").asException());
      return;
    }
    calls.download(request.getDownload(), false, answer);
  }

  @Override
  public void statTask(StatTaskRequest request, StreamObserver<Task> answer) {
    reply(answer, () -> calls.stat(request.getTaskId()));
  }

  @Override
  public void statLocalTask(
      StatLocalTaskRequest request, StreamObserver<StatLocalTaskResponse> answer) {
    reply(answer, () -> calls.statLocal(request.getTaskId()));
  }

  @Override
  public void listLocalTasks(
      ListLocalTasksRequest request, StreamObserver<ListLocalTasksResponse> answer) {
    reply(answer, calls::listLocal);
  }

  @Override
  public void deleteTask(DeleteTaskRequest request, StreamObserver<Empty> answer) {
    reply(
        answer,
        () -> {
          calls.delete(request.getTaskId());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void deleteLocalTask(DeleteLocalTaskRequest request, StreamObserver<Empty> answer) {
    reply(
        answer,
        () -> {
          calls.delete(request.getTaskId());
          return Empty.getDefaultInstance();
        });
  }

  /** A call with one answer. */
  interface Call<T> {
    T answer() throws StatusException, IOException;
  }

  static <T> void reply(StreamObserver<T> answer, Call<T> call) {
    T result;
    try {
      result = call.answer();
    } catch (StatusRuntimeException e) {
      // What another server answered, passed on.
      answer.onError(e);
      return;
    } catch (StatusException | IOException | RuntimeException e) {
      answer.onError(Failures.of(e));
      return;
    }
    answer.onNext(result);
    answer.onCompleted();
  }
}
