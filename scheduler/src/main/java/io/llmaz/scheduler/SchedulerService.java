package io.llmaz.scheduler;

import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.common.Task;
import io.llmaz.dragonfly.api.scheduler.AnnounceHostRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.DeleteHostRequest;
import io.llmaz.dragonfly.api.scheduler.DeletePeerRequest;
import io.llmaz.dragonfly.api.scheduler.DeleteTaskRequest;
import io.llmaz.dragonfly.api.scheduler.ListHostsRequest;
import io.llmaz.dragonfly.api.scheduler.ListHostsResponse;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import io.llmaz.dragonfly.api.scheduler.StatPeerRequest;
import io.llmaz.dragonfly.api.scheduler.StatTaskRequest;
import java.time.Duration;
import java.util.Optional;

/** {@code scheduler.v2.Scheduler}: gRPC on one side, the {@link Swarm} on the other. */
final class SchedulerService extends SchedulerGrpc.SchedulerImplBase {
  private final Swarm swarm;
  private final SchedulerMetrics metrics;

  SchedulerService(Swarm swarm, SchedulerMetrics metrics) {
    this.swarm = swarm;
    this.metrics = metrics;
  }

  @Override
  public void announceHost(AnnounceHostRequest request, StreamObserver<Empty> answer) {
    metrics.called("announce.host");
    swarm.announce(
        request.getHost(),
        request.hasInterval()
            ? Optional.of(
                Duration.ofSeconds(
                    request.getInterval().getSeconds(), request.getInterval().getNanos()))
            : Optional.empty());
    reply(answer, Empty.getDefaultInstance());
  }

  @Override
  public void listHosts(ListHostsRequest request, StreamObserver<ListHostsResponse> answer) {
    metrics.called("list.hosts");
    reply(
        answer,
        ListHostsResponse.newBuilder()
            .addAllHosts(
                swarm.hosts(request.hasType() ? Optional.of(request.getType()) : Optional.empty()))
            .build());
  }

  @Override
  public void deleteHost(DeleteHostRequest request, StreamObserver<Empty> answer) {
    metrics.called("leave.host");
    swarm.removeHost(request.getHostId());
    reply(answer, Empty.getDefaultInstance());
  }

  @Override
  public StreamObserver<AnnouncePeerRequest> announcePeer(
      StreamObserver<AnnouncePeerResponse> answers) {
    metrics.called("announce.peer");
    return new PeerConversation(swarm, metrics, answers);
  }

  @Override
  public void statPeer(StatPeerRequest request, StreamObserver<Peer> answer) {
    metrics.called("stat.peer");
    swarm
        .view(request.getTaskId())
        .flatMap(
            task -> task.peers().stream().filter(p -> p.id().equals(request.getPeerId())).findAny())
        .ifPresentOrElse(
            peer ->
                reply(
                    answer,
                    Peer.newBuilder()
                        .setId(peer.id())
                        .setState(peer.state() == PeerState.COMPLETE ? "Succeeded" : "Running")
                        .build()),
            () -> notFound(answer, "peer " + request.getPeerId()));
  }

  @Override
  public void deletePeer(DeletePeerRequest request, StreamObserver<Empty> answer) {
    metrics.called("leave.peer");
    swarm.removePeer(request.getTaskId(), request.getPeerId());
    reply(answer, Empty.getDefaultInstance());
  }

  @Override
  public void statTask(StatTaskRequest request, StreamObserver<Task> answer) {
    metrics.called("stat.task");
    swarm
        .view(request.getTaskId())
        .ifPresentOrElse(
            task -> {
              boolean complete =
                  task.peers().stream().anyMatch(peer -> peer.state() == PeerState.COMPLETE);
              reply(
                  answer,
                  Task.newBuilder()
                      .setId(request.getTaskId())
                      .setPeerCount(task.peers().size())
                      .setHasAvailablePeer(task.peers().stream().anyMatch(p -> p.state().feeds()))
                      .setState(complete ? "Succeeded" : "Running")
                      .build());
            },
            () -> notFound(answer, "task " + request.getTaskId()));
  }

  @Override
  public void deleteTask(DeleteTaskRequest request, StreamObserver<Empty> answer) {
    metrics.called("leave.task");
    swarm.removeTask(request.getHostId(), request.getTaskId());
    reply(answer, Empty.getDefaultInstance());
  }

  private static <T> void reply(StreamObserver<T> answer, T message) {
    answer.onNext(message);
    answer.onCompleted();
  }

  private static void notFound(StreamObserver<?> answer, String what) {
    answer.onError(Status.NOT_FOUND.withDescription(what + " not found").asRuntimeException());
  }
}
