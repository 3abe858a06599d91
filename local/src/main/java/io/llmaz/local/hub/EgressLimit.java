package io.llmaz.local.hub;

import java.util.concurrent.locks.LockSupport;

/**
 * One link shared by all connections.
 *
 * <p>A token bucket kept as the time at which the link has sent all it promised: each chunk is
 * given the next free place on that line and its sender waits until then. As every connection asks
 * for one small chunk at a time, the places go round among them, which is what makes it fair. Idle
 * time is forgotten but for a burst. Safe for any number of threads; {@code this} guards {@code
 * free}.
 */
final class EgressLimit {
  /** What senders should ask for at once: small against a second of any link we model. */
  static final int CHUNK_BYTES = 32 << 10;

  private static final long BURST_NANOS = 20_000_000;

  private final double nanosPerByte;
  private long free;

  private EgressLimit(double nanosPerByte, long now) {
    this.nanosPerByte = nanosPerByte;
    this.free = now - BURST_NANOS;
  }

  static EgressLimit of(Bandwidth bandwidth, long nowNanos) {
    return new EgressLimit(1e9 / bandwidth.bytesPerSecond(), nowNanos);
  }

  static EgressLimit none() {
    return new EgressLimit(0, 0);
  }

  /** Waits until the link has room for a chunk. */
  void await(int bytes) {
    if (nanosPerByte == 0) {
      return;
    }
    long until = System.nanoTime();
    until += reserve(until, bytes);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  /** Takes the next place on the line and says how many nanoseconds away it is. */
  synchronized long reserve(long nowNanos, int bytes) {
    if (free - nowNanos < -BURST_NANOS) {
      free = nowNanos - BURST_NANOS;
    }
    free += (long) (bytes * nanosPerByte);
    return Math.max(0, free - nowNanos);
  }
}
