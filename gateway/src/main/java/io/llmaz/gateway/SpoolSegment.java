package io.llmaz.gateway;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;

/**
 * A file of the {@link Spool}: {@value #BLOCKS} blocks in a row of one file of a source, with holes
 * where a block is not there. It begins with an entry of eight bytes for each block, which is
 * written after the block: zero, or its CRC-32C and a bit that says that there is one. So a block
 * whose writing was cut off is not there, and one that a disk lost is found out.
 *
 * <p>One thread writes, any number reads. A segment that is deleted while somebody reads it fails
 * him with an {@link IOException}.
 */
final class SpoolSegment implements Closeable {
  static final int BLOCKS = 128;

  private static final int HEADER = 4096; // A page, so that blocks begin at one.
  private static final int BITE = 64 << 10;
  private static final long PRESENT = 1L << 32;

  private final Path path;
  private final FileChannel channel;
  private final AtomicLongArray entries = new AtomicLongArray(BLOCKS);
  private final AtomicInteger count = new AtomicInteger();

  /** Opens a segment, with the blocks that it has; makes an empty one when there is none. */
  SpoolSegment(Path path) throws IOException {
    this.path = path;
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer header = ByteBuffer.allocate(BLOCKS * Long.BYTES);
    while (header.hasRemaining() && channel.read(header, header.position()) > 0) {}
    header.flip();
    for (int slot = 0; header.remaining() >= Long.BYTES; slot++) {
      long entry = header.getLong();
      entries.set(slot, entry);
      count.addAndGet(entry == 0 ? 0 : 1);
    }
  }

  boolean has(int slot) {
    return entries.get(slot) != 0;
  }

  /** How many blocks are there. */
  int count() {
    return count.get();
  }

  void write(int slot, byte[] bytes, int length) throws IOException {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    long entry = PRESENT | checksum.getValue();
    writeFully(ByteBuffer.wrap(bytes, 0, length), position(slot));
    writeFully(ByteBuffer.allocate(Long.BYTES).putLong(0, entry), (long) slot * Long.BYTES);
    if (entries.getAndSet(slot, entry) == 0) {
      count.incrementAndGet();
    }
  }

  /** Whether a block is there as it was written. */
  boolean isIntact(int slot, int length) throws IOException {
    if (!has(slot)) {
      return false;
    }
    CRC32C checksum = new CRC32C();
    ByteBuffer bite = ByteBuffer.allocate(BITE);
    for (int at = 0; at < length; ) {
      int count = read(slot, at, bite.clear().limit(Math.min(BITE, length - at)));
      checksum.update(bite.flip());
      at += count;
    }
    return entries.get(slot) == (PRESENT | checksum.getValue());
  }

  /**
   * Reads some bytes of a block.
   *
   * @return how many; at least one when there is room for one
   * @throws EOFException when the file was cut off
   */
  int read(int slot, int offset, ByteBuffer into) throws IOException {
    int count = channel.read(into, position(slot) + offset);
    if (count < 0) {
      throw new EOFException(path + " was cut off");
    }
    return count;
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static long position(int slot) {
    return HEADER + (long) slot * BlockCache.BLOCK;
  }

  private void writeFully(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }
}
