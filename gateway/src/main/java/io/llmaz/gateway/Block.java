package io.llmaz.gateway;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that arrives once and is read by many, while it arrives too. One thread fills
 * it; any number reads.
 */
final class Block {
  private static final int BITE = 32 << 10;

  private final long index;
  private final byte[] bytes;
  private final int length;
  private int filled;
  private @Nullable Exception failure;

  /** Who brings it, or brought it; guarded by the lock of the {@link BlockCache}. */
  @Nullable Fill owner;

  /** How many need it to stay in memory; guarded as {@link #owner}. */
  int pins;

  /** Whether somebody had it already; guarded as {@link #owner}. */
  boolean taken;

  /**
   * An empty one.
   *
   * @param index of the blocks of its file
   * @param bytes where its content goes; may be longer, and is used again when nobody pins it
   */
  Block(long index, byte[] bytes, int length) {
    this.index = index;
    this.bytes = bytes;
    this.length = length;
  }

  long index() {
    return index;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** So many more bytes are there. */
  synchronized void add(int count) {
    filled += count;
    notifyAll();
  }

  /** Nothing more will come. */
  synchronized void fail(Exception why) {
    failure = why;
    notifyAll();
  }

  /**
   * Writes bytes as they come.
   *
   * @throws IOException when the source failed (then the cause says why) or the reader went away
   */
  void copy(int from, int to, OutputStream out) throws IOException {
    for (int at = from; at < to; ) {
      int end = Math.min(Math.min(to, await(at)), at + BITE);
      out.write(bytes, at, end - at);
      at = end;
    }
  }

  /**
   * Waits until the byte at an offset is there.
   *
   * @return how many are there, from the block's begin
   */
  synchronized int await(int offset) throws IOException {
    try {
      while (filled <= offset) {
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        wait();
      }
      return filled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
