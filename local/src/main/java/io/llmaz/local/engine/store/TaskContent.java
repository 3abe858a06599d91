package io.llmaz.local.engine.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;

/**
 * An open content file. While one is open the task is not evicted; when it is deleted all the same,
 * reading goes on to work and writing fails. Safe for many threads.
 */
public final class TaskContent implements Closeable {
  private static final int BUFFER = 256 << 10;

  private final StoredTask task;
  private final FileChannel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  TaskContent(StoredTask task, FileChannel channel) {
    this.task = task;
    this.channel = channel;
  }

  /** Whose content it is. */
  public StoredTask task() {
    return task;
  }

  /** The file, for reading by position. */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Begins to write a piece. There is at most one writer of a piece at a time.
   *
   * @throws IllegalStateException when the piece is there or being written
   */
  public PieceWriter write(int number) {
    if (!task.claim(number)) {
      throw new IllegalStateException(
          "piece " + number + " of task " + task.id() + " is stored or being written already");
    }
    return new PieceWriter(task, channel, number);
  }

  /**
   * Reads a piece once and compares it with the checksum under which it was stored.
   *
   * @return what the store knows of it
   * @throws CorruptPieceException when the bytes differ; the piece has been dropped
   * @throws NoSuchElementException when the piece is not there
   */
  public StoredPiece verify(int number) throws IOException {
    StoredPiece piece =
        task.piece(number)
            .orElseThrow(
                () -> new NoSuchElementException("no piece " + number + " of task " + task.id()));
    CRC32 crc = new CRC32();
    long position = task.layout().offset(number);
    long end = position + task.layout().length(number);
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, end - position));
    while (position < end) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
      int read = channel.read(buffer, position);
      if (read < 0) {
        break;
      }
      crc.update(buffer.flip());
      position += read;
    }
    if (position != end || crc.getValue() != piece.crc32()) {
      task.drop(piece);
      throw new CorruptPieceException(task.id(), number, piece.digest(), "crc32:" + crc.getValue());
    }
    return piece;
  }

  /** The bytes of a piece, checked: what is returned is what was compared. */
  public byte[] read(int number) throws IOException {
    StoredPiece piece =
        task.piece(number)
            .orElseThrow(
                () -> new NoSuchElementException("no piece " + number + " of task " + task.id()));
    byte[] bytes = new byte[task.layout().length(number)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long offset = task.layout().offset(number);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("content file of task " + task.id() + " is too short");
      }
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (crc.getValue() != piece.crc32()) {
      task.drop(piece);
      throw new CorruptPieceException(task.id(), number, piece.digest(), "crc32:" + crc.getValue());
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      task.closed();
      channel.close();
    }
  }
}
