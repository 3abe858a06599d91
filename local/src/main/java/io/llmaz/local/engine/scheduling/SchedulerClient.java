package io.llmaz.local.engine.scheduling;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Task;
import io.llmaz.dragonfly.api.scheduler.AnnounceHostRequest;
import io.llmaz.dragonfly.api.scheduler.DeleteHostRequest;
import io.llmaz.dragonfly.api.scheduler.DeletePeerRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import io.llmaz.dragonfly.api.scheduler.StatTaskRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A node's side of {@code scheduler.v2}. Every call but a conversation ends within seconds. */
public final class SchedulerClient {
  private static final long CALL_SECONDS = 5;

  private final ManagedChannel channel;
  private final NodeIdentity identity;

  /** Over a channel that the caller closes. */
  public SchedulerClient(ManagedChannel channel, NodeIdentity identity) {
    this.channel = channel;
    this.identity = identity;
  }

  /**
   * Says that this node is there and when it will say so again.
   *
   * @throws StatusRuntimeException when the scheduler is away
   */
  public void announce(Host host, Duration interval) {
    AnnounceHostRequest request =
        AnnounceHostRequest.newBuilder()
            .setHost(host)
            .setInterval(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(interval.getSeconds())
                    .setNanos(interval.getNano()))
            .build();
    var _ = blocking(CALL_SECONDS).announceHost(request);
  }

  /** Says that this node goes away. */
  public void leave() {
    var _ =
        blocking(1).deleteHost(DeleteHostRequest.newBuilder().setHostId(identity.hostId()).build());
  }

  /** Says that this node no longer has what a download brought. */
  public void forget(String taskId, String peerId) {
    var _ =
        blocking(CALL_SECONDS)
            .deletePeer(
                DeletePeerRequest.newBuilder()
                    .setHostId(identity.hostId())
                    .setTaskId(taskId)
                    .setPeerId(peerId)
                    .build());
  }

  /** What the scheduler knows of a task. */
  public Task stat(String taskId) {
    return blocking(CALL_SECONDS)
        .statTask(
            StatTaskRequest.newBuilder().setHostId(identity.hostId()).setTaskId(taskId).build());
  }

  /** Opens a conversation about one download. It fails in its answers, not here. */
  public PeerConversation converse(String taskId, String peerId) {
    return new PeerConversation(SchedulerGrpc.newStub(channel), identity.hostId(), taskId, peerId);
  }

  private SchedulerGrpc.SchedulerBlockingStub blocking(long seconds) {
    return SchedulerGrpc.newBlockingStub(channel).withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }
}
