package io.llmaz.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of large files that were read last, in bounded memory, so that readers of one file at
 * roughly the same time cost its source one read.
 *
 * <ul>
 *   <li>A block that is there, or is arriving, is read from here.
 *   <li>A block that is not there begins a {@link Fill}: one request to the source for all that is
 *       missing up to the end of the range that was asked for. It runs a little ahead of its
 *       fastest reader, stops where another was before, and ends when its last reader leaves, but
 *       for a little that it brings to its end: that is on its way already.
 *   <li>Blocks that somebody reads are never taken away. When all memory is in such hands, a reader
 *       is told to go to the source by itself: slow readers cost sharing, not memory.
 *   <li>Of the others the least recently used goes first.
 * </ul>
 *
 * Safe for many threads; they wait here only for the source.
 */
final class BlockCache {
  /** In bytes: small, as reads are rounded to blocks, and requests do not depend on it. */
  static final int BLOCK = 512 << 10;

  private static final int IDLE_SECONDS = 5;

  /** A block of a file, by the content key of the file. */
  record Key(String file, long index) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Block> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, List<Fill>> fills = new HashMap<>();
  private final int capacity;

  /** Room for so many bytes, rounded down to blocks. */
  BlockCache(long bytes) {
    this.capacity = (int) Math.min(Integer.MAX_VALUE, bytes / BLOCK);
  }

  /**
   * A block for a reader, pinned: arriving, or there. Waits while a fill is about to begin it.
   *
   * @return null when there is no room
   */
  @Nullable Block take(BlockRead reader, long index) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Key key = new Key(reader.file(), index);
      while (true) {
        @Nullable Block block = blocks.get(key);
        if (block != null) {
          block.pins++;
          attach(reader, block.owner, index);
          return block;
        }
        @Nullable Fill fill = fillBefore(reader.file(), index);
        if (fill == null) {
          block = allocate(key, reader.length(index));
          if (block == null) {
            attach(reader, null, index);
            return null;
          }
          fill = new Fill(this, reader, index, firstPresent(reader, index), lock.newCondition());
          fills.computeIfAbsent(reader.file(), file -> new ArrayList<>()).add(fill);
          fill.hold(block);
          attach(reader, fill, index);
          fill.start(block);
        } else {
          attach(reader, fill, index);
          fill.changed().await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives a block back. */
  void release(Block block) {
    lock.lock();
    try {
      block.pins--;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a block is served to its first reader; true once a block. */
  boolean firstTaken(Block block) {
    lock.lock();
    try {
      boolean first = !block.taken;
      block.taken = true;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** A reader that is done, or went away. */
  void leave(BlockRead reader) {
    lock.lock();
    try {
      attach(reader, null, 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next block of a fill, as soon as one of its readers is near.
   *
   * @return null when the fill is to end: it is done, nobody is left, another was there before,
   *     nobody is near for long, or there is no room
   */
  @Nullable Block claim(Fill fill) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (fill.hasNext() && fill.wanted()) {
        if (blocks.containsKey(fill.next())) {
          return null;
        }
        if (fill.mayBegin()) {
          @Nullable Block block = allocate(fill.next(), fill.nextLength());
          if (block != null) {
            fill.hold(block);
            fill.changed().signalAll();
            return block;
          }
          if (fill.isDemanded()) {
            return null;
          }
        }
        if (!fill.changed().await(IDLE_SECONDS, TimeUnit.SECONDS)) {
          return null; // Its readers are slow; a connection to the source is not held for that.
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a fill; a block that it did not finish is forgotten. */
  void ended(Fill fill, @Nullable Block unfinished) {
    lock.lock();
    try {
      List<Fill> ofFile = fills.get(fill.file());
      if (ofFile != null && ofFile.remove(fill) && ofFile.isEmpty()) {
        fills.remove(fill.file());
      }
      if (unfinished != null) {
        blocks.values().remove(unfinished);
      }
      fill.releaseAll();
      fill.changed().signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The fill that is about to bring a block. */
  private @Nullable Fill fillBefore(String file, long index) {
    for (Fill fill : fills.getOrDefault(file, List.of())) {
      if (fill.isNear(index)) {
        return fill;
      }
    }
    return null;
  }

  private static void attach(BlockRead reader, @Nullable Fill fill, long index) {
    @Nullable Fill before = reader.fill;
    if (before != fill) {
      if (before != null) {
        before.left();
      }
      if (fill != null) {
        fill.joined();
      }
      reader.fill = fill;
    }
    if (fill != null) {
      fill.demand(index);
    }
  }

  /** The first block after one that need not be read; at most the end of what the reader wants. */
  private long firstPresent(BlockRead reader, long index) {
    return blocks.keySet().stream()
        .filter(key -> key.file().equals(reader.file()))
        .mapToLong(Key::index)
        .filter(present -> present > index)
        .reduce(reader.lastIndex(), Math::min);
  }

  private @Nullable Block allocate(Key key, int length) {
    byte @Nullable [] room = blocks.size() < capacity ? new byte[BLOCK] : evict();
    if (room == null) {
      return null;
    }
    Block block = new Block(key.index(), room, length);
    block.pins++; // Of the fill, until it needs the block's bytes no longer.
    blocks.put(key, block);
    return block;
  }

  private byte @Nullable [] evict() {
    for (Iterator<Block> all = blocks.values().iterator(); all.hasNext(); ) {
      Block block = all.next();
      if (block.pins == 0) {
        all.remove();
        return block.bytes();
      }
    }
    return null;
  }
}
