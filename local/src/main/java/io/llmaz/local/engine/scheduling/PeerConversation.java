package io.llmaz.local.engine.scheduling;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.llmaz.dragonfly.api.errordetails.Backend;
import io.llmaz.dragonfly.api.errordetails.Unknown;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerBackToSourceFailedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerBackToSourceFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerBackToSourceStartedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerFailedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerStartedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceBackToSourceFailedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceBackToSourceFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceFailedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.RegisterPeerRequest;
import io.llmaz.dragonfly.api.scheduler.ReschedulePeerRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One download's talk with the scheduler ({@code AnnouncePeer}): register, then reports of pieces,
 * a call for other parents when the present ones fail, and a last word. Answers queue up and are
 * taken with {@link #await}. Any thread may report; once the conversation has ended reports go
 * nowhere, because a download does not depend on them.
 */
public final class PeerConversation implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final String hostId;
  private final String taskId;
  private final String peerId;
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final StreamObserver<AnnouncePeerRequest> requests;
  private boolean over;

  PeerConversation(
      SchedulerGrpc.SchedulerStub scheduler, String hostId, String taskId, String peerId) {
    this.hostId = hostId;
    this.taskId = taskId;
    this.peerId = peerId;
    this.requests = scheduler.announcePeer(new Listener());
  }

  /** Says what is wanted. The scheduler answers with parents, the source, or that nothing is. */
  public void register(Download download) {
    send(message().setRegisterPeerRequest(RegisterPeerRequest.newBuilder().setDownload(download)));
  }

  /** Begins to fetch from parents. */
  public void started() {
    send(message().setDownloadPeerStartedRequest(DownloadPeerStartedRequest.getDefaultInstance()));
  }

  /** Begins to read from the source. */
  public void sourceStarted(String why) {
    send(
        message()
            .setDownloadPeerBackToSourceStartedRequest(
                DownloadPeerBackToSourceStartedRequest.newBuilder().setDescription(why)));
  }

  /** Asks for others than these parents. */
  public void reschedule(List<Peer> parents, String why) {
    send(
        message()
            .setReschedulePeerRequest(
                ReschedulePeerRequest.newBuilder()
                    .addAllCandidateParents(parents)
                    .setDescription(why)));
  }

  /** A piece came from a parent. */
  public void pieceFinished(
      String parentId, int number, long offset, long length, String digest, Duration cost) {
    send(
        message()
            .setDownloadPieceFinishedRequest(
                DownloadPieceFinishedRequest.newBuilder()
                    .setPiece(
                        piece(number, offset, length, digest, cost)
                            .setParentId(parentId)
                            .setTrafficType(TrafficType.REMOTE_PEER))));
  }

  /** A piece came from the source. */
  public void sourcePieceFinished(
      int number, long offset, long length, String digest, Duration cost) {
    send(
        message()
            .setDownloadPieceBackToSourceFinishedRequest(
                DownloadPieceBackToSourceFinishedRequest.newBuilder()
                    .setPiece(
                        piece(number, offset, length, digest, cost)
                            .setTrafficType(TrafficType.BACK_TO_SOURCE))));
  }

  /** A parent did not deliver a piece. */
  public void pieceFailed(String parentId, int number) {
    send(
        message()
            .setDownloadPieceFailedRequest(
                DownloadPieceFailedRequest.newBuilder()
                    .setPieceNumber(number)
                    .setParentId(parentId)
                    .setTemporary(true)));
  }

  /** The source did not deliver a piece; a status of 0 means that it did not answer at all. */
  public void sourcePieceFailed(int number, int status, String message) {
    var failed = DownloadPieceBackToSourceFailedRequest.newBuilder().setPieceNumber(number);
    if (status != 0) {
      failed.setBackend(Backend.newBuilder().setStatusCode(status).setMessage(message));
    } else {
      failed.setUnknown(Unknown.newBuilder().setMessage(message));
    }
    send(message().setDownloadPieceBackToSourceFailedRequest(failed));
  }

  /** Every piece is here, the last ones from parents. */
  public void finished() {
    send(
        message().setDownloadPeerFinishedRequest(DownloadPeerFinishedRequest.getDefaultInstance()));
  }

  /** Every piece is here, the last ones from the source. */
  public void sourceFinished() {
    send(
        message()
            .setDownloadPeerBackToSourceFinishedRequest(
                DownloadPeerBackToSourceFinishedRequest.getDefaultInstance()));
  }

  /** Given up while fetching from parents. */
  public void failed(String why) {
    send(
        message()
            .setDownloadPeerFailedRequest(
                DownloadPeerFailedRequest.newBuilder().setDescription(why)));
  }

  /** Given up while reading from the source. */
  public void sourceFailed(String why) {
    send(
        message()
            .setDownloadPeerBackToSourceFailedRequest(
                DownloadPeerBackToSourceFailedRequest.newBuilder().setDescription(why)));
  }

  /** The next answer; {@link Answer.Ended} with a deadline status when none comes in time. */
  public Answer await(Duration atMost) throws InterruptedException {
    Answer answer = answers.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    return answer != null
        ? answer
        : new Answer.Ended(
            Status.DEADLINE_EXCEEDED.withDescription("the scheduler said nothing in " + atMost));
  }

  /** Half closes and waits a moment until the scheduler has read everything. */
  @Override
  public void close() {
    synchronized (this) {
      if (!over) {
        over = true;
        requests.onCompleted();
      }
    }
    try {
      Answer answer = await(FAREWELL);
      while (!(answer instanceof Answer.Ended)) {
        answer = await(FAREWELL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AnnouncePeerRequest.Builder message() {
    return AnnouncePeerRequest.newBuilder().setHostId(hostId).setTaskId(taskId).setPeerId(peerId);
  }

  private static Piece.Builder piece(
      int number, long offset, long length, String digest, Duration cost) {
    return Piece.newBuilder()
        .setNumber(number)
        .setOffset(offset)
        .setLength(length)
        .setDigest(digest)
        .setCost(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(cost.getSeconds())
                .setNanos(cost.getNano()))
        .setCreatedAt(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()));
  }

  private synchronized void send(AnnouncePeerRequest.Builder message) {
    if (!over) {
      requests.onNext(message.build());
    }
  }

  private synchronized void end(Status status) {
    over = true;
    answers.add(new Answer.Ended(status));
  }

  private final class Listener implements StreamObserver<AnnouncePeerResponse> {
    @Override
    public void onNext(AnnouncePeerResponse response) {
      switch (response.getResponseCase()) {
        case EMPTY_TASK_RESPONSE -> answers.add(new Answer.Empty());
        case NORMAL_TASK_RESPONSE ->
            answers.add(
                new Answer.Parents(response.getNormalTaskResponse().getCandidateParentsList()));
        case NEED_BACK_TO_SOURCE_RESPONSE ->
            answers.add(
                new Answer.BackToSource(response.getNeedBackToSourceResponse().getDescription()));
        case METADATA_ONLY_RESPONSE -> answers.add(new Answer.Noted());
        case RESPONSE_NOT_SET ->
            end(Status.INTERNAL.withDescription("the scheduler sent an answer we do not know"));
      }
    }

    @Override
    public void onError(Throwable error) {
      end(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      end(Status.OK);
    }
  }
}
