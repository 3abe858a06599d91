package io.llmaz.gateway;

import io.llmaz.source.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * One request to a source that fills block after block of a file. Everything but {@link #run} is
 * called under the lock of its {@link BlockCache}.
 */
final class Fill {
  /** So many blocks before its fastest reader asks, so that a reader need not wait for each. */
  private static final int AHEAD = 2;

  /**
   * So many blocks are brought though nobody is left to read them, 8 MiB: the source has sent much
   * of that already, and a reader that broke off in a piece asks for that piece again.
   */
  private static final int FINISHED_ALONE = 16;

  private final BlockCache cache;
  private final BlockRead.Origin origin;
  private final String file;
  private final long size;
  private final long first;
  private final long last;
  private final Condition changed;
  // Pinned until a reader has them too: what was read ahead must not be read twice.
  private final Deque<Block> held = new ArrayDeque<>();
  private long next;
  private long demanded;
  private int readers;

  /**
   * A fill that begins with a block and ends before another.
   *
   * @param starter whose source is asked
   */
  Fill(BlockCache cache, BlockRead starter, long first, long last, Condition changed) {
    this.cache = cache;
    this.origin = starter.origin();
    this.file = starter.file();
    this.size = starter.size();
    this.first = first;
    this.last = last;
    this.changed = changed;
    this.next = first;
    this.demanded = first;
  }

  String file() {
    return file;
  }

  Condition changed() {
    return changed;
  }

  BlockCache.Key next() {
    return new BlockCache.Key(file, next);
  }

  int nextLength() {
    return (int) Math.min(BlockCache.BLOCK, size - next * BlockCache.BLOCK);
  }

  boolean hasNext() {
    return next < last;
  }

  boolean wanted() {
    return readers > 0 || last - next <= FINISHED_ALONE;
  }

  /** Whether the next block is near enough to what readers asked for, if there are any. */
  boolean mayBegin() {
    return readers == 0 || next <= demanded + AHEAD;
  }

  /** Whether a reader waits for the next block. */
  boolean isDemanded() {
    return next <= demanded;
  }

  /** Whether a block comes soon; who wants one far ahead had better ask the source by himself. */
  boolean isNear(long index) {
    return index >= next && index < last && index <= next + AHEAD;
  }

  void joined() {
    readers++;
  }

  void left() {
    readers--;
    changed.signalAll();
  }

  void demand(long index) {
    if (index > demanded) {
      demanded = index;
      changed.signalAll();
    }
    while (!held.isEmpty() && held.getFirst().index() < demanded) {
      held.removeFirst().pins--;
    }
  }

  /** Takes the next block under its care. */
  void hold(Block block) {
    block.pins++;
    block.owner = this;
    held.addLast(block);
    next++;
  }

  void releaseAll() {
    held.forEach(block -> block.pins--);
    held.clear();
  }

  void start(Block block) {
    Thread.ofVirtual().name("fill").start(() -> run(block));
  }

  private void run(Block begin) {
    @Nullable Block block = begin;
    @Nullable Block unfinished = begin;
    Exception failure = new IOException("the read of the source ended");
    try (InputStream in = origin.open(range())) {
      while (block != null) {
        unfinished = block;
        fill(block, in);
        unfinished = null;
        Block whole = block;
        origin.arrived(whole, () -> cache.release(whole));
        block = cache.claim(this);
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    } finally {
      // First forgotten, then told: who asks again must not find it.
      cache.ended(this, unfinished);
      if (unfinished != null) {
        unfinished.fail(failure);
      }
    }
  }

  private ByteRange range() {
    long from = first * BlockCache.BLOCK;
    return new ByteRange(from, Math.min(last * BlockCache.BLOCK, size) - from);
  }

  private static void fill(Block block, InputStream in) throws IOException {
    for (int at = 0; at < block.length(); ) {
      int count = in.read(block.bytes(), at, block.length() - at);
      if (count < 0) {
        throw new EOFException("the source ended early");
      }
      at += count;
      block.add(count);
    }
  }
}
