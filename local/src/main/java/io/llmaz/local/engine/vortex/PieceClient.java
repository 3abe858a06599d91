package io.llmaz.local.engine.vortex;

import io.llmaz.local.engine.store.CorruptPieceException;
import io.llmaz.local.engine.store.PieceWriter;
import io.llmaz.local.engine.store.StoredPiece;
import io.llmaz.local.engine.store.TaskContent;
import io.llmaz.local.engine.traffic.Bandwidth;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Fetches pieces from parents: one connection a piece, as Dragonfly does. The bytes go to the
 * content file as they come and count only after the checksum matched. A timer closes a connection
 * that takes too long, which ends the blocked read.
 */
public final class PieceClient {
  private static final int CONNECT_MILLIS = 2000;
  private static final int BUFFER = 256 << 10;
  private static final int SOCKET_BUFFER = 4 << 20;

  private final ScheduledExecutorService timer;
  private final Duration pieceTimeout;
  private final Bandwidth download;
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  /**
   * A client.
   *
   * @param pieceTimeout how long one piece may take
   */
  public PieceClient(ScheduledExecutorService timer, Duration pieceTimeout, Bandwidth download) {
    this.timer = timer;
    this.pieceTimeout = pieceTimeout;
    this.download = download;
  }

  /**
   * Fetches a piece into a task and stores it.
   *
   * @throws CorruptPieceException when the bytes do not match the parent's checksum
   * @throws IOException when the parent is away, lacks the piece, breaks off or takes too long
   * @throws IllegalStateException when the piece is stored or being written already
   */
  public StoredPiece fetch(InetSocketAddress parent, TaskContent content, int number)
      throws IOException {
    try (PieceWriter writer = content.write(number);
        SocketChannel channel = SocketChannel.open()) {
      ScheduledFuture<?> deadline =
          timer.schedule(
              () -> closeQuietly(channel), pieceTimeout.toMillis(), TimeUnit.MILLISECONDS);
      try {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        channel.socket().connect(parent, CONNECT_MILLIS);
        return receive(channel, content, number, writer);
      } finally {
        deadline.cancel(false);
      }
    }
  }

  private StoredPiece receive(
      SocketChannel channel, TaskContent content, int number, PieceWriter writer)
      throws IOException {
    int packetId = ThreadLocalRandom.current().nextInt(256);
    ByteBuffer request = Vortex.request(new Vortex.Request(packetId, content.task().id(), number));
    while (request.hasRemaining()) {
      channel.write(request);
    }
    InputStream in = Channels.newInputStream(channel);
    Vortex.Metadata metadata = Vortex.readAnswer(in);
    var layout = content.task().layout();
    if (metadata.number() != number
        || metadata.offset() != layout.offset(number)
        || metadata.length() != layout.length(number)) {
      throw new IOException(
          "parent sent piece %d, %d bytes at %d, where piece %d, %d bytes at %d, was asked"
              .formatted(
                  metadata.number(),
                  metadata.length(),
                  metadata.offset(),
                  number,
                  layout.length(number),
                  layout.offset(number)));
    }
    ByteBuffer pooled = buffers.poll();
    ByteBuffer buffer = pooled != null ? pooled : ByteBuffer.allocateDirect(BUFFER);
    try {
      while (writer.remaining() > 0) {
        buffer.clear().limit((int) Math.min(BUFFER, writer.remaining()));
        if (channel.read(buffer) < 0) {
          throw new EOFException("parent broke off in piece " + number);
        }
        download.take(buffer.flip().remaining());
        writer.write(buffer);
      }
    } finally {
      buffers.add(buffer);
    }
    return writer.commit(metadata.digest(), false);
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The reader sees the closed channel; there is nothing else to do with it.
    }
  }
}
