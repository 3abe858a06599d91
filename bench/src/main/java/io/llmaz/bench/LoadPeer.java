package io.llmaz.bench;

import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse.ResponseCase;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.RegisterPeerRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A peer of a task that only talks: it says what a dfdaemon would say that gets a piece now and
 * then. Everything of a task runs on one thread.
 */
final class LoadPeer implements StreamObserver<AnnouncePeerResponse> {
  private final LoadTask task;
  private final ScheduledExecutorService thread;
  private final String id;
  private final boolean holder;
  private final StreamObserver<AnnouncePeerRequest> stream;
  private final AnnouncePeerRequest self;
  private int pieces;
  private String parent = "";
  private boolean answered;

  /** When it last did what may give it or another a parent: registered, or freed a place. */
  private long spoke;

  LoadPeer(
      LoadTask task,
      ScheduledExecutorService thread,
      SchedulerGrpc.SchedulerStub scheduler,
      String host,
      boolean holder) {
    this.task = task;
    this.thread = thread;
    this.holder = holder;
    id = host + "-" + task.id();
    self =
        AnnouncePeerRequest.newBuilder().setHostId(host).setTaskId(task.id()).setPeerId(id).build();
    stream = scheduler.announcePeer(this);
  }

  String id() {
    return id;
  }

  /** Nanoseconds of {@link System#nanoTime()}. */
  long spoke() {
    return spoke;
  }

  void freedPlace() {
    spoke = System.nanoTime();
  }

  void register() {
    spoke = System.nanoTime();
    Download.Builder download =
        Download.newBuilder()
            .setUrl("http://source/" + task.id())
            .putRequestHeader("Authorization", "Bearer of some length that a link may have")
            .setConcurrentPieceCount(2)
            .setActualPieceCount(LoadTask.PIECES)
            .setMetadataOnly(holder);
    stream.onNext(
        self.toBuilder()
            .setRegisterPeerRequest(RegisterPeerRequest.newBuilder().setDownload(download))
            .build());
  }

  @Override
  public void onNext(AnnouncePeerResponse answer) {
    long now = System.nanoTime();
    thread.execute(() -> answered(answer, now));
  }

  private void answered(AnnouncePeerResponse answer, long now) {
    if (answer.getResponseCase() != ResponseCase.NORMAL_TASK_RESPONSE) {
      task.answered(this, "", now, holder);
      if (holder) {
        finish();
      }
      return;
    }
    parent = answer.getNormalTaskResponse().getCandidateParents(0).getId();
    task.answered(this, parent, now, !answered);
    answered = true;
    later();
  }

  private void later() {
    var _ = thread.schedule(this::piece, LoadTask.PIECE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void piece() {
    if (++pieces == 1) {
      freedPlace();
    }
    stream.onNext(
        self.toBuilder()
            .setDownloadPieceFinishedRequest(
                DownloadPieceFinishedRequest.newBuilder()
                    .setPiece(
                        Piece.newBuilder()
                            .setNumber(pieces - 1)
                            .setLength(4 << 20)
                            .setParentId(parent)
                            .setTrafficType(TrafficType.REMOTE_PEER)
                            .setCost(Duration.newBuilder().setNanos(150_000_000))))
            .build());
    if (pieces < LoadTask.PIECES) {
      later();
    } else {
      task.freedPlace(parent);
      finish();
      task.complete();
    }
  }

  private void finish() {
    spoke = System.nanoTime();
    stream.onNext(
        self.toBuilder()
            .setDownloadPeerFinishedRequest(DownloadPeerFinishedRequest.getDefaultInstance())
            .build());
    stream.onCompleted();
  }

  @Override
  public void onError(Throwable failure) {
    if (!thread.isShutdown()) {
      thread.execute(() -> task.failed(failure));
    }
  }

  @Override
  public void onCompleted() {}
}
