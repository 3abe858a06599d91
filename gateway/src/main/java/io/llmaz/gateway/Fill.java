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

  private record Held(long index, Block block) {}

  private final BlockCache cache;
  private final BlockRead.Origin origin;
  private final String file;
  private final long size;
  private final long first;
  private final long last;
  private final Condition changed;
  // Pinned until a reader has them too: what was read ahead must not be read twice.
  private final Deque<Held> held = new ArrayDeque<>();
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
    return readers > 0;
  }

  /** Whether the next block is near enough to what readers asked for. */
  boolean mayBegin() {
    return next <= demanded + AHEAD;
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
      held.removeFirst().block().pins--;
    }
  }

  /** Takes the next block under its care. */
  void hold(Block block) {
    block.pins++;
    block.owner = this;
    held.addLast(new Held(next, block));
    next++;
  }

  void releaseAll() {
    held.forEach(h -> h.block().pins--);
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
