package io.llmaz.local.engine.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes one piece from its first byte to its last, computing the checksum on the way. The piece is
 * there after {@link #commit}; closing without it leaves no trace but bytes that the next writer
 * overwrites. For one thread.
 */
public final class PieceWriter implements Closeable {
  private final StoredTask task;
  private final FileChannel channel;
  private final int number;
  private final CRC32 crc = new CRC32();
  private long position;
  private final long end;
  private boolean done;

  PieceWriter(StoredTask task, FileChannel channel, int number) {
    this.task = task;
    this.channel = channel;
    this.number = number;
    this.position = task.layout().offset(number);
    this.end = position + task.layout().length(number);
  }

  /** Bytes still to come. */
  public long remaining() {
    return end - position;
  }

  /**
   * Writes all of the buffer.
   *
   * @throws StoreFullException when the disk is full
   * @throws IllegalArgumentException when it holds more than the piece lacks
   */
  public void write(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() > remaining()) {
      throw new IllegalArgumentException(
          bytes.remaining() + " bytes, but the piece lacks " + remaining());
    }
    crc.update(bytes.duplicate());
    // The kernel lets one writer into a file at a time and has the others spin: they wait better
    // here, where a virtual thread gives its carrier to somebody who reads from a socket.
    task.writeLock().lock();
    try {
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    } catch (IOException e) {
      throw asFull(e);
    } finally {
      task.writeLock().unlock();
    }
  }

  /**
   * Makes the piece visible to everybody.
   *
   * @param expectedDigest Dragonfly's text form of the checksum, or null when nobody knows it yet
   * @throws CorruptPieceException when the bytes do not match it; nothing is stored
   * @throws IllegalStateException when bytes are missing
   */
  public StoredPiece commit(@Nullable String expectedDigest, boolean fromSource)
      throws IOException {
    if (remaining() != 0) {
      throw new IllegalStateException("the piece lacks " + remaining() + " bytes");
    }
    String digest = "crc32:" + crc.getValue();
    if (expectedDigest != null && !expectedDigest.equals(digest)) {
      task.countCorruptArrival();
      throw new CorruptPieceException(task.id(), number, expectedDigest, digest);
    }
    try {
      StoredPiece piece = task.stored(number, crc.getValue(), fromSource);
      done = true;
      return piece;
    } catch (IOException e) {
      throw asFull(e);
    }
  }

  @Override
  public void close() {
    if (!done) {
      done = true;
      task.unclaim(number);
    }
  }

  private IOException asFull(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left") || message.contains("quota exceeded")) {
      StoreFullException full =
          new StoreFullException(
              "the disk is full while storing task " + task.id() + " in " + task.contentFile());
      full.initCause(e);
      return full;
    }
    return e;
  }
}
