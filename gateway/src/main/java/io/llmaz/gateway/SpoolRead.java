package io.llmaz.gateway;

import io.llmaz.source.BulkInputStream;
import io.llmaz.source.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A range of a file from the {@link Spool}, and from its source where that has a hole. Each block
 * of the spool is checked before the first of its bytes is given. For one thread.
 */
final class SpoolRead extends BulkInputStream {
  private static final Logger log = LoggerFactory.getLogger(SpoolRead.class);

  private final SpoolDirectory spool;
  private final IntConsumer counter;
  private final String key;
  private final long size;
  private final BlockRead.Origin source;
  private final long end;
  private long position;
  private @Nullable InputStream in; // Of the source; else the spool gives the next bytes.
  private @Nullable SpoolSegment kept;
  private long until; // Where what gives the next bytes has no more.

  /**
   * Opens the range.
   *
   * @param counter of bytes that the spool gave
   * @param key of the file in the spool
   * @param size of the whole file
   * @throws RuntimeException as the source's, when the first bytes are its
   */
  SpoolRead(
      SpoolDirectory spool,
      IntConsumer counter,
      String key,
      long size,
      ByteRange range,
      BlockRead.Origin source) {
    this.spool = spool;
    this.counter = counter;
    this.key = key;
    this.size = size;
    this.source = source;
    this.position = range.start();
    this.end = range.end();
    if (position < end) {
      turn();
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (position == end) {
      return -1;
    }
    try {
      if (position == until) {
        close();
        turn();
      }
      int most = (int) Math.min(length, until - position);
      int count = in != null ? in.read(bytes, offset, most) : readKept(bytes, offset, most);
      position += Math.max(0, count);
      return count;
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e); // What the source said, after bytes were given.
    }
  }

  private int readKept(byte[] bytes, int offset, int length) throws IOException {
    int slot = SpoolDirectory.slot(position / BlockCache.BLOCK);
    int from = (int) (position % BlockCache.BLOCK);
    try {
      int count =
          Objects.requireNonNull(kept).read(slot, from, ByteBuffer.wrap(bytes, offset, length));
      counter.accept(count);
      return count;
    } catch (IOException e) {
      log.debug("the spool lost a block under a reader: {}", e.toString());
      in = source.open(new ByteRange(position, until - position));
      return in.read(bytes, offset, length);
    }
  }

  /** Finds out who gives the bytes from here on. */
  private void turn() {
    long index = position / BlockCache.BLOCK;
    kept = intact(index);
    if (kept != null) {
      until = Math.min(end, (index + 1) * BlockCache.BLOCK);
    } else {
      long blocks = (end + BlockCache.BLOCK - 1) / BlockCache.BLOCK;
      until = Math.min(end, spool.firstKept(key, index + 1, blocks) * BlockCache.BLOCK);
      in = source.open(new ByteRange(position, until - position));
    }
  }

  private @Nullable SpoolSegment intact(long index) {
    @Nullable SpoolSegment found = spool.find(key, index).orElse(null);
    if (found == null) {
      return null;
    }
    try {
      int length = (int) Math.min(BlockCache.BLOCK, size - index * BlockCache.BLOCK);
      if (found.isIntact(SpoolDirectory.slot(index), length)) {
        return found;
      }
      log.warn("the disk of the spool changed a block; its file is read from the source again");
      spool.forget(key);
    } catch (IOException e) {
      log.debug("the spool lost a block: {}", e.toString());
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
  }
}
