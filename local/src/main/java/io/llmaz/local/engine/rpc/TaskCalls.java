package io.llmaz.local.engine.rpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.Task;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.llmaz.dragonfly.api.dfdaemon.DownloadPieceFinishedResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskStartedResponse;
import io.llmaz.dragonfly.api.dfdaemon.ListLocalTasksResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import io.llmaz.local.engine.scheduling.SchedulerClient;
import io.llmaz.local.engine.store.PieceLayout;
import io.llmaz.local.engine.store.StoredPiece;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.transfer.PieceReader;
import io.llmaz.local.engine.transfer.Transfer;
import io.llmaz.local.engine.transfer.TransferRequest;
import io.llmaz.local.engine.transfer.Transfers;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** The calls that both services answer. A stream runs on its own virtual thread. */
final class TaskCalls {
  private final String hostId;
  private final TaskStore store;
  private final Transfers transfers;
  private final Optional<SchedulerClient> scheduler;

  TaskCalls(
      String hostId, TaskStore store, Transfers transfers, Optional<SchedulerClient> scheduler) {
    this.hostId = hostId;
    this.store = store;
    this.transfers = transfers;
    this.scheduler = scheduler;
  }

  /**
   * Downloads a task and streams what happens.
   *
   * @param announce whether the scheduler is told when the task was complete already, as Dragonfly
   *     does for downloads that other machines ask for
   */
  void download(Download download, boolean announce, StreamObserver<DownloadTaskResponse> answer) {
    Outbox<DownloadTaskResponse> out =
        new Outbox<>((ServerCallStreamObserver<DownloadTaskResponse>) answer);
    Thread.ofVirtual()
        .name("download-call")
        .start(() -> {
          try {
            stream(download, announce, out);
            out.complete();
          } catch (InterruptedException e) {
            out.fail(Status.UNAVAILABLE.withDescription("the node stops").asException());
          } catch (Throwable e) {
            // Whatever it was, the client must not wait for ever.
            out.fail(
                Failures.of(
                    e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e));
          }
        });
  }

  private void stream(Download download, boolean announce, Outbox<DownloadTaskResponse> out)
      throws IOException, InterruptedException, ExecutionException {
    TransferRequest request = TransferRequest.of(download);
    Optional<OutputFile> output =
        download.hasOutputPath() ? Optional.of(OutputFile.of(download)) : Optional.empty();
    Transfer transfer = transfers.join(request);
    try (PieceReader reader = PieceReader.open(transfers, transfer, store)) {
      StoredTask task = reader.task();
      if (output.isPresent()) {
        output.get().requireFree(task);
      }
      if (announce && transfer.local()) {
        transfers.announceComplete(transfer);
      }
      PieceLayout layout = task.layout();
      int first = 0;
      int last = layout.count() - 1;
      if (download.hasRange() && layout.count() > 0) {
        long start = download.getRange().getStart();
        long length = download.getRange().getLength();
        if (length <= 0 || start < 0 || start >= layout.contentLength()) {
          throw new IllegalArgumentException(
              "range of %d bytes at %d is not in a file of %d"
                  .formatted(length, start, layout.contentLength()));
        }
        first = layout.pieceAt(start);
        last = layout.pieceAt(Math.min(start + length, layout.contentLength()) - 1);
      }
      DownloadTaskResponse.Builder envelope =
          DownloadTaskResponse.newBuilder()
              .setHostId(hostId)
              .setTaskId(task.id())
              .setPeerId(transfer.peerId());
      out.send(
          envelope.setDownloadTaskStartedResponse(started(task, download, first, last)).build());
      sendPieces(reader, download, first, last, envelope, out);
      if (output.isPresent()) {
        for (int number = 0; number < layout.count(); number++) {
          reader.await(number);
        }
        output.get().publish(task);
      }
      if (!download.hasRange() && !out.cancelled()) {
        var _ = transfer.done().get();
      }
    }
  }

  /** In the order in which they come, each once. */
  private void sendPieces(
      PieceReader reader,
      Download download,
      int first,
      int last,
      DownloadTaskResponse.Builder envelope,
      Outbox<DownloadTaskResponse> out)
      throws IOException, InterruptedException {
    BitSet sent = new BitSet();
    int cursor = 0;
    int left = last - first + 1;
    while (left > 0 && !out.cancelled()) {
      var arrived = reader.task().arrivals(cursor);
      cursor += arrived.size();
      if (arrived.isEmpty()) {
        int next = sent.nextClearBit(first);
        reader.awaitArrival(next);
        continue;
      }
      for (int number : arrived) {
        if (number >= first && number <= last && !sent.get(number)) {
          sent.set(number);
          left--;
          out.send(
              envelope
                  .setDownloadPieceFinishedResponse(
                      DownloadPieceFinishedResponse.newBuilder()
                          .setPiece(piece(reader, number, download.getNeedPieceContent())))
                  .build());
        }
      }
    }
  }

  private static DownloadTaskStartedResponse started(
      StoredTask task, Download download, int first, int last) {
    var started =
        DownloadTaskStartedResponse.newBuilder()
            .setContentLength(task.layout().contentLength())
            .putAllResponseHeader(task.headers())
            .setIsFinished(task.complete());
    if (download.hasRange()) {
      started.setRange(download.getRange());
    }
    for (int number = first; number <= last; number++) {
      started.addPieces(piece(task, number));
    }
    return started.build();
  }

  private static Piece piece(PieceReader reader, int number, boolean withContent)
      throws IOException, InterruptedException {
    if (!withContent) {
      return piece(reader.task(), number).build();
    }
    byte[] bytes = reader.read(number);
    return piece(reader.task(), number).setContent(UnsafeByteOperations.unsafeWrap(bytes)).build();
  }

  private static Piece.Builder piece(StoredTask task, int number) {
    Piece.Builder piece =
        Piece.newBuilder()
            .setNumber(number)
            .setOffset(task.layout().offset(number))
            .setLength(task.layout().length(number));
    Optional<StoredPiece> stored = task.piece(number);
    stored.ifPresent(there ->
        piece
            .setDigest(there.digest())
            .setTrafficType(
                there.fromSource() ? TrafficType.BACK_TO_SOURCE : TrafficType.REMOTE_PEER)
            .setCost(com.google.protobuf.Duration.getDefaultInstance())
            .setCreatedAt(timestamp(there.storedAt())));
    return piece;
  }

  StatLocalTaskResponse statLocal(String taskId) throws StatusException {
    return store.find(taskId).map(TaskCalls::describe).orElseThrow(() -> notFound(taskId));
  }

  ListLocalTasksResponse listLocal() {
    return ListLocalTasksResponse.newBuilder()
        .addAllTasks(store.list().stream().map(TaskCalls::describe).toList())
        .build();
  }

  Task stat(String taskId) throws StatusException {
    return scheduler.orElseThrow(() -> notFound(taskId)).stat(taskId);
  }

  void delete(String taskId) throws IOException {
    transfers.delete(taskId);
  }

  private static StatusException notFound(String taskId) {
    return Status.NOT_FOUND.withDescription("no task " + taskId + " here").asException();
  }

  private static StatLocalTaskResponse describe(StoredTask task) {
    var answer =
        StatLocalTaskResponse.newBuilder()
            .setTaskId(task.id())
            .setPieceLength(task.layout().pieceLength())
            .setContentLength(task.layout().contentLength())
            .putAllResponseHeader(task.headers())
            .setCreatedAt(timestamp(task.createdAt()))
            .setUpdatedAt(timestamp(task.updatedAt()));
    if (task.complete()) {
      answer.setFinishedAt(timestamp(task.updatedAt()));
    }
    return answer.build();
  }

  private static Timestamp timestamp(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }
}
