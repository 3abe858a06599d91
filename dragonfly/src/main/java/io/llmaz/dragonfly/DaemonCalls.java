package io.llmaz.dragonfly;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.common.SchedulingPolicy;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What we ask of one daemon's upload port ({@code dfdaemon.v2.DfdaemonUpload}): a seed's, or a
 * node's. The policy {@code ALWAYS} sends small files through the scheduler too (reference: {@code
 * common.v2.Download.scheduling_policy}, without which each node reads files up to 4 MiB from the
 * source). Safe for use by many threads.
 */
final class DaemonCalls {
  /** Daemons write down who asked; it has no other use. */
  private static final String REMOTE_IP = localAddress();

  private final Channels channels;
  private final Duration callDeadline;
  private final Duration stallTimeout;

  DaemonCalls(Channels channels, Duration callDeadline, Duration stallTimeout) {
    this.channels = channels;
    this.callDeadline = callDeadline;
    this.stallTimeout = stallTimeout;
  }

  static String remoteIp() {
    return REMOTE_IP;
  }

  /** Where a file may come from: seeds may read the source, nodes may not. */
  enum From {
    PEERS_OR_SOURCE("seed"),
    PEERS("node");

    private final String role;

    From(String role) {
      this.role = role;
    }

    private String named(SeedAddress daemon) {
      return role + " " + daemon;
    }
  }

  /**
   * Downloads and waits for the end.
   *
   * @param listener told after each message
   * @throws EngineException when it fails, or the daemon is silent for too long
   */
  Progress download(SeedAddress daemon, FileTask task, From from, Consumer<Progress> listener)
      throws InterruptedException {
    TransferProgress progress = new TransferProgress(task.taskId());
    BlockingClientCall<?, DownloadTaskResponse> call =
        DfdaemonUploadGrpc.newBlockingV2Stub(channels.to(daemon)).downloadTask(request(task, from));
    try {
      DownloadTaskResponse message = read(call);
      while (message != null) {
        progress.add(message).ifPresent(listener);
        message = read(call);
      }
      return progress.begun() ? progress.end() : alreadyThere(daemon, task.taskId(), from);
    } catch (StatusException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw EngineFailures.of(from.named(daemon), e.getStatus(), e.getTrailers(), e);
    } catch (TimeoutException e) {
      throw new EngineException(
          Reason.UNAVAILABLE,
          "%s was silent for %s".formatted(from.named(daemon), stallTimeout),
          0,
          e);
    } finally {
      call.cancel("no longer wanted", null);
    }
  }

  /** What each of these daemons has of a task. */
  SeedPoll<StatLocalTaskResponse> stat(List<SeedAddress> daemons, String taskId) {
    StatLocalTaskRequest request =
        StatLocalTaskRequest.newBuilder().setTaskId(taskId).setRemoteIp(REMOTE_IP).build();
    return SeedPoll.ask(daemons, channels, callDeadline, stub -> stub.statLocalTask(request));
  }

  /**
   * A seed tells no pieces of a task that is not whole; empty when not even its length is known.
   */
  static Optional<Progress> progress(StatLocalTaskResponse stat) {
    long length = stat.getContentLength();
    if (stat.hasFinishedAt()) {
      return Optional.of(new Progress(stat.getTaskId(), length, length, 0));
    }
    return length > 0
        ? Optional.of(new Progress(stat.getTaskId(), length, 0, 0))
        : Optional.empty();
  }

  /** A daemon that has the task whole ends the download without a word (dfdaemon 1.5.10). */
  private Progress alreadyThere(SeedAddress daemon, String taskId, From from) {
    return stat(List.of(daemon), taskId).answers().stream()
        .flatMap(stat -> progress(stat).stream())
        .filter(Progress::complete)
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Reason.FAILED, from.named(daemon) + " ended the download before it began"));
  }

  private @Nullable DownloadTaskResponse read(BlockingClientCall<?, DownloadTaskResponse> call)
      throws InterruptedException, StatusException, TimeoutException {
    return call.read(stallTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static DownloadTaskRequest request(FileTask task, From from) {
    return DownloadTaskRequest.newBuilder()
        .setDownload(
            task.download()
                .setSchedulingPolicy(SchedulingPolicy.ALWAYS)
                .setDisableBackToSource(from == From.PEERS)
                .setRemoteIp(REMOTE_IP))
        .build();
  }

  private static String localAddress() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}
