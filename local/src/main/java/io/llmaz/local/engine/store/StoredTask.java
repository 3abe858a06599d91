package io.llmaz.local.engine.store;

import io.llmaz.local.engine.traffic.TrafficCounters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One task in the store: its description and which of its pieces are there.
 *
 * <p>Every field below is guarded by one lock, held for a journal append at most. Whoever follows
 * the arrival of pieces reads {@link #arrivals} from a cursor and waits with {@link #await}; a
 * piece arrives again when it was dropped and stored anew.
 */
public final class StoredTask {
  private final String id;
  private final Path contentFile;
  private final Path journalFile;
  private final PieceJournal.Description description;
  private final InstantSource clock;
  private final TrafficCounters counters;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock writeLock = new ReentrantLock();
  private final @Nullable StoredPiece[] pieces;
  private final List<Integer> arrivals = new ArrayList<>();
  private final BitSet writing = new BitSet();
  private final BitSet dropped = new BitSet();
  private int storedCount;
  private long storedBytes;
  private long changes;
  private Instant updatedAt;
  private Instant usedAt;
  private int open;
  private boolean deleted;

  StoredTask(
      String id,
      Path contentFile,
      Path journalFile,
      PieceJournal.Description description,
      Map<Integer, StoredPiece> stored,
      Instant usedAt,
      InstantSource clock,
      TrafficCounters counters) {
    this.id = id;
    this.contentFile = contentFile;
    this.journalFile = journalFile;
    this.description = description;
    this.clock = clock;
    this.counters = counters;
    this.pieces = new StoredPiece[description.layout().count()];
    this.updatedAt = description.createdAt();
    this.usedAt = usedAt;
    stored.values().forEach(this::put);
  }

  /** The task's id, 64 hex digits. */
  public String id() {
    return id;
  }

  /** How the file is cut. */
  public PieceLayout layout() {
    return description.layout();
  }

  /** Headers of the source's answer that go with the content. */
  public Map<String, String> headers() {
    return description.headers();
  }

  /** When the node first met the task. */
  public Instant createdAt() {
    return description.createdAt();
  }

  /** Where the content lies. Its name in the store's folder; incomplete until the task is. */
  public Path contentFile() {
    return contentFile;
  }

  /** When the last piece arrived. */
  public Instant updatedAt() {
    return locked(() -> updatedAt);
  }

  /** Whether every piece is there. */
  public boolean complete() {
    return locked(() -> storedCount == pieces.length);
  }

  /** Bytes of the pieces that are there. */
  public long storedBytes() {
    return locked(() -> storedBytes);
  }

  /** A piece, when it is there. */
  public Optional<StoredPiece> piece(int number) {
    return locked(() -> Optional.ofNullable(pieces[number]));
  }

  /** Numbers of the pieces that are not there, ascending. */
  public List<Integer> missing() {
    return locked(() -> {
      List<Integer> missing = new ArrayList<>();
      for (int i = 0; i < pieces.length; i++) {
        if (pieces[i] == null) {
          missing.add(i);
        }
      }
      return missing;
    });
  }

  /** Piece numbers in the order in which they arrived, from a cursor on. */
  public List<Integer> arrivals(int cursor) {
    return locked(() -> List.copyOf(arrivals.subList(cursor, arrivals.size())));
  }

  /** A number that grows with each change; for {@link #await}. */
  public long changes() {
    return locked(() -> changes);
  }

  /** Whether the task has left the store. */
  public boolean deleted() {
    return locked(() -> deleted);
  }

  /** Waits until something has changed since {@code seen}, or the time is over. */
  public void await(long seen, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = atMost.toNanos();
      while (changes == seen && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes whoever waits, for instance because the transfer has ended. */
  public void signal() {
    locked(() -> {
      wake();
      return true;
    });
  }

  /** Held while bytes go into the content file; guards nothing in memory. */
  ReentrantLock writeLock() {
    return writeLock;
  }

  Instant usedAt() {
    return locked(() -> usedAt);
  }

  boolean idle() {
    return locked(() -> open == 0);
  }

  TaskContent open() throws IOException {
    lock.lock();
    try {
      requireThere();
      FileChannel channel =
          FileChannel.open(contentFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
      open++;
      usedAt = clock.instant();
      return new TaskContent(this, channel);
    } finally {
      lock.unlock();
    }
  }

  void closed() {
    locked(() -> --open);
  }

  void markDeleted() {
    locked(() -> {
      deleted = true;
      wake();
      return true;
    });
  }

  /** Takes the right to write a piece; false when it is there or somebody else writes it. */
  boolean claim(int number) {
    return locked(() -> {
      if (pieces[number] != null || writing.get(number)) {
        return false;
      }
      writing.set(number);
      return true;
    });
  }

  void unclaim(int number) {
    locked(() -> {
      writing.clear(number);
      return true;
    });
  }

  /** Counts a piece whose bytes are written: the journal first, then memory. */
  StoredPiece stored(int number, long crc32, boolean fromSource) throws IOException {
    lock.lock();
    try {
      requireThere();
      StoredPiece piece = new StoredPiece(number, crc32, fromSource, clock.instant());
      append(PieceJournal.store(piece));
      put(piece);
      updatedAt = piece.storedAt();
      writing.clear(number);
      if (dropped.get(number)) {
        dropped.clear(number);
        counters.countRefetched();
      }
      wake();
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a piece that turned out corrupt, unless it has been replaced meanwhile. */
  void drop(StoredPiece corrupt) throws IOException {
    lock.lock();
    try {
      if (deleted || pieces[corrupt.number()] != corrupt) {
        return;
      }
      append(PieceJournal.drop(corrupt.number()));
      pieces[corrupt.number()] = null;
      storedCount--;
      storedBytes -= layout().length(corrupt.number());
      dropped.set(corrupt.number());
      counters.countCorrupted();
      wake();
    } finally {
      lock.unlock();
    }
  }

  void countCorruptArrival() {
    counters.countCorrupted();
  }

  private void put(StoredPiece piece) {
    pieces[piece.number()] = piece;
    storedCount++;
    storedBytes += layout().length(piece.number());
    arrivals.add(piece.number());
  }

  private void append(ByteBuffer record) throws IOException {
    try (FileChannel journal =
        FileChannel.open(journalFile, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (record.hasRemaining()) {
        journal.write(record);
      }
    }
  }

  private void wake() {
    changes++;
    changed.signalAll();
  }

  private void requireThere() {
    if (deleted) {
      throw new NoSuchElementException("task " + id + " has been deleted from the store");
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
