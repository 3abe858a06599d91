package io.llmaz.scheduler;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.DownloadPeerFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceBackToSourceFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.DownloadPieceFinishedRequest;
import io.llmaz.dragonfly.api.scheduler.RegisterPeerRequest;
import io.llmaz.dragonfly.api.scheduler.ReschedulePeerRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A peer made by hand: says what a test wants and keeps what it hears. */
final class TestingPeer implements StreamObserver<AnnouncePeerResponse> {
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<AnnouncePeerResponse> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final StreamObserver<AnnouncePeerRequest> stream;
  private final AnnouncePeerRequest self;

  TestingPeer(Channel channel, String host, String task, String peer) {
    self = AnnouncePeerRequest.newBuilder().setHostId(host).setTaskId(task).setPeerId(peer).build();
    stream = SchedulerGrpc.newStub(channel).announcePeer(this);
  }

  void register() {
    stream.onNext(
        self.toBuilder()
            .setRegisterPeerRequest(
                RegisterPeerRequest.newBuilder()
                    .setDownload(Download.newBuilder().setUrl("http://source/file")))
            .build());
  }

  void reschedule(String givenUp) {
    stream.onNext(
        self.toBuilder()
            .setReschedulePeerRequest(
                ReschedulePeerRequest.newBuilder()
                    .addCandidateParents(Peer.newBuilder().setId(givenUp)))
            .build());
  }

  void pieceFromSource(int length) {
    stream.onNext(
        self.toBuilder()
            .setDownloadPieceBackToSourceFinishedRequest(
                DownloadPieceBackToSourceFinishedRequest.newBuilder()
                    .setPiece(
                        Piece.newBuilder()
                            .setLength(length)
                            .setTrafficType(TrafficType.BACK_TO_SOURCE)))
            .build());
  }

  void pieceFrom(String parent, int length) {
    stream.onNext(
        self.toBuilder()
            .setDownloadPieceFinishedRequest(
                DownloadPieceFinishedRequest.newBuilder()
                    .setPiece(
                        Piece.newBuilder()
                            .setLength(length)
                            .setParentId(parent)
                            .setTrafficType(TrafficType.REMOTE_PEER)))
            .build());
  }

  void finish() {
    stream.onNext(
        self.toBuilder()
            .setDownloadPeerFinishedRequest(DownloadPeerFinishedRequest.getDefaultInstance())
            .build());
    stream.onCompleted();
  }

  void breakOff() {
    stream.onError(Status.CANCELLED.asRuntimeException());
  }

  AnnouncePeerResponse answer() {
    try {
      AnnouncePeerResponse answer = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("no answer; the stream: " + ended.getNow("is open"));
      }
      return answer;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String error() {
    return ended.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  void awaitEnd() {
    error();
  }

  @Override
  public void onNext(AnnouncePeerResponse response) {
    heard.add(response);
  }

  @Override
  public void onError(Throwable failure) {
    ended.complete(failure.toString());
  }

  @Override
  public void onCompleted() {
    ended.complete("completed");
  }
}
