package io.llmaz.scheduler;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.EmptyTaskResponse;
import io.llmaz.dragonfly.api.scheduler.MetadataOnlyResponse;
import io.llmaz.dragonfly.api.scheduler.NeedBackToSourceResponse;
import io.llmaz.dragonfly.api.scheduler.NormalTaskResponse;

/**
 * One AnnouncePeer stream.
 *
 * <ol>
 *   <li>The peer registers and is answered: a parent, the source, or that nothing is to be done.
 *   <li>It starts, reports each piece, and asks for another parent when it has trouble with one.
 *   <li>It reports that it finished or failed, and waits for us to end the stream: dfdaemon 1.5.10
 *       does not close its side first after it read the source.
 * </ol>
 *
 * Requests come one at a time; answers may come from any thread that changes the swarm, always
 * under the swarm's lock, which is what makes {@link StreamObserver#onNext} safe here.
 */
final class PeerConversation implements StreamObserver<AnnouncePeerRequest>, PeerStream {
  private final Swarm swarm;
  private final SchedulerMetrics metrics;
  private final StreamObserver<AnnouncePeerResponse> answers;
  private String taskId = "";
  private String peerId = "";
  private volatile boolean ended;

  PeerConversation(
      Swarm swarm, SchedulerMetrics metrics, StreamObserver<AnnouncePeerResponse> answers) {
    this.swarm = swarm;
    this.metrics = metrics;
    this.answers = answers;
  }

  @Override
  public void onNext(AnnouncePeerRequest request) {
    metrics.heard(request.getRequestCase());
    switch (request.getRequestCase()) {
      case REGISTER_PEER_REQUEST -> register(request);
      case DOWNLOAD_PEER_STARTED_REQUEST -> {
        // It follows the answer to the registration and says nothing new.
      }
      case DOWNLOAD_PEER_BACK_TO_SOURCE_STARTED_REQUEST -> swarm.wentToSource(taskId, peerId);
      case RESCHEDULE_PEER_REQUEST ->
          swarm.reschedule(
              taskId,
              peerId,
              request.getReschedulePeerRequest().getCandidateParentsList().stream()
                  .map(Peer::getId)
                  .toList());
      case DOWNLOAD_PIECE_FINISHED_REQUEST ->
          swarm.pieceFinished(taskId, peerId, request.getDownloadPieceFinishedRequest().getPiece());
      case DOWNLOAD_PIECE_BACK_TO_SOURCE_FINISHED_REQUEST ->
          swarm.pieceFinished(
              taskId, peerId, request.getDownloadPieceBackToSourceFinishedRequest().getPiece());
      case DOWNLOAD_PIECE_FAILED_REQUEST ->
          swarm.parentFailed(taskId, peerId, request.getDownloadPieceFailedRequest().getParentId());
      case DOWNLOAD_PIECE_BACK_TO_SOURCE_FAILED_REQUEST -> {
        // The peer says next whether it goes on or gives up.
      }
      case DOWNLOAD_PEER_FINISHED_REQUEST, DOWNLOAD_PEER_BACK_TO_SOURCE_FINISHED_REQUEST -> {
        swarm.finished(taskId, peerId);
        close();
      }
      case DOWNLOAD_PEER_FAILED_REQUEST, DOWNLOAD_PEER_BACK_TO_SOURCE_FAILED_REQUEST -> {
        swarm.left(taskId, peerId, this);
        close();
      }
      case REQUEST_NOT_SET ->
          end(Status.INVALID_ARGUMENT.withDescription("an AnnouncePeer message without content"));
    }
  }

  private void register(AnnouncePeerRequest request) {
    taskId = request.getTaskId();
    peerId = request.getPeerId();
    boolean known =
        swarm.register(
            request.getHostId(),
            taskId,
            peerId,
            request.getRegisterPeerRequest().getDownload(),
            this);
    if (!known) {
      metrics.refused("register.peer");
      end(Status.NOT_FOUND.withDescription("host " + request.getHostId() + " not found"));
    }
  }

  @Override
  public void onError(Throwable broken) {
    ended = true;
    swarm.left(taskId, peerId, this);
  }

  @Override
  public void onCompleted() {
    swarm.left(taskId, peerId, this);
    close();
  }

  private void close() {
    if (!ended) {
      ended = true;
      answers.onCompleted();
    }
  }

  @Override
  public void feedFrom(Peer parent) {
    answer(
        AnnouncePeerResponse.newBuilder()
            .setNormalTaskResponse(NormalTaskResponse.newBuilder().addCandidateParents(parent)));
  }

  @Override
  public void readSource(String why) {
    answer(
        AnnouncePeerResponse.newBuilder()
            .setNeedBackToSourceResponse(
                NeedBackToSourceResponse.newBuilder().setDescription(why)));
  }

  @Override
  public void taskIsEmpty() {
    answer(
        AnnouncePeerResponse.newBuilder()
            .setEmptyTaskResponse(EmptyTaskResponse.getDefaultInstance()));
  }

  @Override
  public void metadataOnly() {
    answer(
        AnnouncePeerResponse.newBuilder()
            .setMetadataOnlyResponse(MetadataOnlyResponse.getDefaultInstance()));
  }

  @Override
  public void refuse(String why) {
    end(Status.FAILED_PRECONDITION.withDescription(why));
  }

  @Override
  public void notFound(String why) {
    end(Status.NOT_FOUND.withDescription(why));
  }

  private void answer(AnnouncePeerResponse.Builder response) {
    if (!ended) {
      answers.onNext(response.build());
    }
  }

  private void end(Status status) {
    if (!ended) {
      ended = true;
      metrics.refused("announce.peer");
      answers.onError(status.asRuntimeException());
    }
  }
}
