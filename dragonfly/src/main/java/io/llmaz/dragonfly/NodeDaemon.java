package io.llmaz.dragonfly;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.SchedulingPolicy;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonDownloadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.Entry;
import io.llmaz.dragonfly.api.dfdaemon.ListTaskEntriesRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The daemon of this node behind its unix socket ({@code dfdaemon.v2.DfdaemonDownload}), as dfget
 * uses it. Safe for many threads.
 */
public final class NodeDaemon implements AutoCloseable {
  /** A piece is at most 64 MiB, and its message has a header. */
  private static final int MAX_MESSAGE_BYTES = 72 << 20;

  /** A link is given up by its silence; this only bounds what never ends. */
  private static final Duration LINK_TIMEOUT = Duration.ofHours(24);

  private final Path socket;
  private final EventLoopGroup eventLoops;
  private final ManagedChannel channel;

  /** Takes the bytes of pieces, in any order, when the download asks for them. */
  public interface PieceSink {
    /** For downloads that the daemon itself writes to a path. */
    PieceSink NONE = (offset, bytes) -> {};

    /** Writes a whole piece. */
    void write(long offset, ByteBuffer bytes) throws IOException;
  }

  private NodeDaemon(Path socket) {
    this.socket = socket;
    this.eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    this.channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .eventLoopGroup(eventLoops)
            .channelType(NioDomainSocketChannel.class)
            // The daemon resets streams whose authority is the path of the socket.
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .usePlaintext()
            .build();
  }

  /**
   * Connects at the first download.
   *
   * @throws EngineException unavailable, when there is no such socket
   */
  public static NodeDaemon at(Path socket) {
    if (!Files.exists(socket)) {
      throw new EngineException(Reason.UNAVAILABLE, "no daemon listens at " + socket);
    }
    return new NodeDaemon(socket);
  }

  /**
   * Downloads and waits for the end. The daemon goes on by itself when this is interrupted.
   *
   * @param request in Dragonfly's own words
   * @param timeout of the whole
   * @param sink called for each piece when the request wants their content
   * @param listener told after each message
   * @throws EngineException when it fails
   * @throws IOException of the sink
   */
  public Progress download(
      Download request, Duration timeout, PieceSink sink, Consumer<Progress> listener)
      throws IOException, InterruptedException {
    return download(request, timeout, timeout, sink, listener);
  }

  /**
   * Brings a file into the daemon's store and links it to a path, without a copy of its bytes: the
   * two are then one file, which nobody may write to. The path may be there before the bytes are.
   *
   * @param output as the daemon sees it, absolute, in a folder on the mount of its store; must not
   *     exist
   * @param stall the longest silence
   * @param listener told after each message
   * @throws EngineException when it fails; also where the daemon would have to copy
   */
  public Progress link(FileTask task, Path output, Duration stall, Consumer<Progress> listener)
      throws InterruptedException {
    Download request =
        task.download()
            .setOutputPath(output.toString())
            .setForceHardLink(true)
            .setSchedulingPolicy(SchedulingPolicy.ALWAYS)
            .build();
    try {
      return download(request, LINK_TIMEOUT, stall, PieceSink.NONE, listener);
    } catch (IOException e) {
      throw new IllegalStateException("nothing was written here", e);
    }
  }

  /**
   * What there is below a folder of a hub or an object store, at any depth.
   *
   * @param request in Dragonfly's own words
   * @param timeout of the whole
   * @throws EngineException when it fails; refused by a daemon that lists no folders
   */
  public List<Entry> list(ListTaskEntriesRequest request, Duration timeout)
      throws InterruptedException {
    try {
      return DfdaemonDownloadGrpc.newBlockingV2Stub(channel)
          .withDeadlineAfter(timeout)
          .listTaskEntries(request)
          .getEntriesList();
    } catch (StatusException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        throw new EngineException(Reason.REFUSED, socket + ": this daemon lists no folders", 0, e);
      }
      throw EngineFailures.of(socket.toString(), e.getStatus(), e.getTrailers(), e);
    }
  }

  private Progress download(
      Download request,
      Duration timeout,
      Duration stall,
      PieceSink sink,
      Consumer<Progress> listener)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    BlockingClientCall<?, DownloadTaskResponse> call =
        DfdaemonDownloadGrpc.newBlockingV2Stub(channel)
            .downloadTask(DownloadTaskRequest.newBuilder().setDownload(request).build());
    try {
      @Nullable TransferProgress progress = null;
      DownloadTaskResponse message = read(call, deadline, stall);
      while (message != null) {
        if (progress == null) {
          progress = new TransferProgress(message.getTaskId());
        }
        if (message.hasDownloadPieceFinishedResponse()) {
          Piece piece = message.getDownloadPieceFinishedResponse().getPiece();
          sink.write(piece.getOffset(), piece.getContent().asReadOnlyByteBuffer());
        }
        progress.add(message).ifPresent(listener);
        message = read(call, deadline, stall);
      }
      if (progress == null) {
        throw new EngineException(Reason.FAILED, socket + " ended the download before it began");
      }
      return progress.end();
    } catch (StatusException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw EngineFailures.of(socket.toString(), e.getStatus(), e.getTrailers(), e);
    } catch (TimeoutException e) {
      String what =
          deadline - System.nanoTime() > 0
              ? " was silent for " + stall
              : " did not finish within " + timeout;
      throw new EngineException(Reason.FAILED, socket + what, 0, e);
    } finally {
      call.cancel("no longer wanted", null);
    }
  }

  private static @Nullable DownloadTaskResponse read(
      BlockingClientCall<?, DownloadTaskResponse> call, long deadline, Duration stall)
      throws InterruptedException, StatusException, TimeoutException {
    long left = Math.min(stall.toNanos(), deadline - System.nanoTime());
    return call.read(Math.max(0, left), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
