package io.llmaz.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends streams on which a read waits too long. The JDK's client has no timeout for bodies; closing
 * the stream from another thread wakes the reader with an error. Time in which nobody reads does
 * not count: a slow consumer is no stalled source.
 */
final class StallGuard implements AutoCloseable {
  private final long limitNanos;
  private final Set<Guarded> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stall-guard").factory());

  StallGuard(Duration limit) {
    this.limitNanos = limit.toNanos();
    long period = Math.max(10, limit.toMillis() / 4);
    watch.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  InputStream guard(InputStream stream) {
    Guarded guarded = new Guarded(stream);
    open.add(guarded);
    return guarded;
  }

  private void check() {
    long now = System.nanoTime();
    open.forEach(stream -> stream.endIfStalled(now));
  }

  @Override
  public void close() {
    watch.shutdownNow();
    open.forEach(Guarded::end);
  }

  private final class Guarded extends FilterInputStream {
    private static final long NOT_READING = Long.MAX_VALUE;

    // Written by the reader, read by the watch.
    private volatile long readingSince = NOT_READING;
    private volatile boolean stalled;

    Guarded(InputStream stream) {
      super(stream);
    }

    void endIfStalled(long now) {
      long since = readingSince;
      if (since != NOT_READING && now - since > limitNanos) {
        stalled = true;
        end();
      }
    }

    void end() {
      try {
        in.close();
      } catch (IOException e) {
        // The reader gets its own error; there is nobody else to tell.
        open.remove(this);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      readingSince = System.nanoTime();
      try {
        int count = in.read(bytes, offset, length);
        if (count < 0 && stalled) {
          throw new IOException("no byte for " + TimeUnit.NANOSECONDS.toMillis(limitNanos) + " ms");
        }
        return count;
      } catch (IOException e) {
        throw stalled
            ? new IOException("no byte for " + TimeUnit.NANOSECONDS.toMillis(limitNanos) + " ms", e)
            : e;
      } finally {
        readingSince = NOT_READING;
      }
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      in.close();
    }
  }
}
