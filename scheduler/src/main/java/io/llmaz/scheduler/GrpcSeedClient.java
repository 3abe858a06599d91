package io.llmaz.scheduler;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code DfdaemonUpload} on a seed's upload port: {@code DownloadTask} (Dragonfly's seed trigger)
 * and {@code StatLocalTask}.
 */
final class GrpcSeedClient implements SeedClient {
  /** As long as Dragonfly's scheduler gives a seed. */
  private static final long DEADLINE_HOURS = 10;

  /** Peers wait for the answer, and a seed that lives gives it from memory. */
  private static final long STAT_DEADLINE_SECONDS = 3;

  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  @Override
  public void download(Host seed, Download download, Consumer<@Nullable Throwable> ended) {
    ManagedChannel channel = channel(seed);
    // Not in the context of the peer whose registration asked for it: that call ends before this
    // one.
    Context.ROOT.run(() -> start(channel, download, ended));
  }

  @Override
  public void holds(Host seed, String taskId, Consumer<Boolean> answer) {
    ManagedChannel channel = channel(seed);
    Context.ROOT.run(() -> stat(channel, taskId, answer));
  }

  private ManagedChannel channel(Host seed) {
    return channels.computeIfAbsent(
        seed.getIp() + ":" + seed.getPort(),
        address ->
            NettyChannelBuilder.forAddress(seed.getIp(), seed.getPort()).usePlaintext().build());
  }

  private static void stat(ManagedChannel channel, String taskId, Consumer<Boolean> answer) {
    DfdaemonUploadGrpc.newStub(channel)
        .withDeadlineAfter(STAT_DEADLINE_SECONDS, TimeUnit.SECONDS)
        .statLocalTask(
            StatLocalTaskRequest.newBuilder().setTaskId(taskId).build(),
            new StreamObserver<>() {
              private boolean finished;

              @Override
              public void onNext(StatLocalTaskResponse task) {
                // A daemon does not give what it calls failed, also when it has all of it.
                finished = task.hasFinishedAt() && !task.hasFailedAt();
              }

              @Override
              public void onError(Throwable failure) {
                answer.accept(false);
              }

              @Override
              public void onCompleted() {
                answer.accept(finished);
              }
            });
  }

  private static void start(
      ManagedChannel channel, Download download, Consumer<@Nullable Throwable> ended) {
    DfdaemonUploadGrpc.newStub(channel)
        .withDeadlineAfter(DEADLINE_HOURS, TimeUnit.HOURS)
        .downloadTask(
            DownloadTaskRequest.newBuilder().setDownload(download).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(DownloadTaskResponse progress) {
                // The seed tells the same over its own AnnouncePeer stream.
              }

              @Override
              public void onError(Throwable failure) {
                ended.accept(failure);
              }

              @Override
              public void onCompleted() {
                ended.accept(null);
              }
            });
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
