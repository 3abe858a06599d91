package io.llmaz.local.engine.traffic;

import java.util.concurrent.locks.LockSupport;

/**
 * A limit in bytes a second that many threads share. Each caller books its bytes on one time line
 * and waits until its booking begins, so that the sum never runs ahead by more than one booking a
 * thread.
 */
public final class Bandwidth {
  private final long bytesPerSecond;
  private long nextFreeNanos = System.nanoTime();

  private Bandwidth(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** No limit. */
  public static Bandwidth unlimited() {
    return new Bandwidth(Long.MAX_VALUE);
  }

  /**
   * A limit.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public static Bandwidth of(long bytesPerSecond) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("bandwidth must be positive: " + bytesPerSecond);
    }
    return new Bandwidth(bytesPerSecond);
  }

  /** The limit in bits a second as Dragonfly announces it; 10 Gbit/s when there is none. */
  public long bitsPerSecond() {
    return bytesPerSecond == Long.MAX_VALUE ? 10_000_000_000L : bytesPerSecond * 8;
  }

  /** Waits for the turn of so many bytes. */
  public void take(long bytes) {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return;
    }
    long start;
    synchronized (this) {
      start = Math.max(nextFreeNanos, System.nanoTime());
      nextFreeNanos = start + (long) (bytes * 1e9 / bytesPerSecond);
    }
    for (long wait = start - System.nanoTime(); wait > 0; wait = start - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
