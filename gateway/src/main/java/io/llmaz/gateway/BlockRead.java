package io.llmaz.gateway;

import io.llmaz.source.ByteRange;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A reader of a range, block by block from the {@link BlockCache}. For one thread. */
final class BlockRead implements BlobReader.Body {
  private static final int BUFFER = 32 << 10;

  /** The source of a file. */
  interface Origin {
    /** Opens exactly a range; errors are unchecked. */
    InputStream open(ByteRange range);

    /**
     * A block that came from here is whole, and may be kept.
     *
     * @param done to be called once, when its bytes are needed no longer
     */
    default void arrived(Block block, Runnable done) {
      done.run();
    }
  }

  /** What a reader got; called once a block. */
  interface Meter {
    /**
     * Some bytes are served.
     *
     * @param hit whether they cost the source nothing, as another had them before
     */
    void served(int bytes, boolean hit);
  }

  private final BlockCache cache;
  private final String file;
  private final long size;
  private final ByteRange range;
  private final Origin origin;
  private final Meter meter;
  private @Nullable Block first;
  private @Nullable InputStream direct;

  /** The fill that serves it now; guarded by the lock of the cache. */
  @Nullable Fill fill;

  /**
   * A read that has not begun.
   *
   * @param file the content key
   * @param size of the whole file
   */
  BlockRead(BlockCache cache, String file, long size, ByteRange range, Origin origin, Meter meter) {
    this.cache = cache;
    this.file = file;
    this.size = size;
    this.range = range;
    this.origin = origin;
    this.meter = meter;
  }

  String file() {
    return file;
  }

  long size() {
    return size;
  }

  Origin origin() {
    return origin;
  }

  /** The index after the last block it wants. */
  long lastIndex() {
    return (range.end() + BlockCache.BLOCK - 1) / BlockCache.BLOCK;
  }

  int length(long index) {
    return (int) Math.min(BlockCache.BLOCK, size - index * BlockCache.BLOCK);
  }

  /**
   * Waits for the first byte, so that a refusal of the source is known before headers are sent.
   *
   * @throws RuntimeException as the source's
   */
  void begin() throws IOException {
    try {
      first = take(range.start() / BlockCache.BLOCK);
      if (first != null) {
        first.await((int) (range.start() % BlockCache.BLOCK));
      } else {
        direct = origin.open(range);
      }
    } catch (IOException e) {
      close();
      throw refusal(e);
    }
  }

  /** What the source said, which is below what its readers were told. */
  private static RuntimeException refusal(IOException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof RuntimeException refusal) {
        return refusal;
      }
    }
    return new SourceException(SourceException.Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
  }

  @Override
  public void copyTo(OutputStream out) throws IOException {
    long at = range.start();
    if (direct != null) {
      copy(direct, out);
      return;
    }
    while (at < range.end()) {
      long index = at / BlockCache.BLOCK;
      @Nullable Block block = first != null ? first : take(index);
      first = null;
      if (block == null) {
        direct = open(at);
        copy(direct, out);
        return;
      }
      try {
        long begin = index * BlockCache.BLOCK;
        int to = (int) Math.min(block.length(), range.end() - begin);
        block.copy((int) (at - begin), to, out);
        meter.served((int) (begin + to - at), !cache.firstTaken(block));
        at = begin + to;
      } finally {
        cache.release(block);
      }
    }
  }

  private InputStream open(long from) throws IOException {
    try {
      return origin.open(new ByteRange(from, range.end() - from));
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e); // The headers are out already.
    }
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int count;
    while ((count = in.read(buffer)) > 0) {
      out.write(buffer, 0, count);
      meter.served(count, false);
    }
  }

  private @Nullable Block take(long index) throws IOException {
    try {
      return cache.take(this, index);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (first != null) {
      cache.release(first);
      first = null;
    }
    cache.leave(this);
    if (direct != null) {
      direct.close();
    }
  }
}
