package io.llmaz.local.engine.traffic;

import java.util.concurrent.atomic.LongAdder;

/** Counts of one node; any thread may add. */
public final class TrafficCounters {
  private final LongAdder fromSource = new LongAdder();
  private final LongAdder fromPeers = new LongAdder();
  private final LongAdder served = new LongAdder();
  private final LongAdder corrupted = new LongAdder();
  private final LongAdder refetched = new LongAdder();

  /** Adds content bytes that a source sent, also of a piece that is not whole yet. */
  public void addFromSource(long bytes) {
    fromSource.add(bytes);
  }

  /** Adds the bytes of a checked piece that a peer sent. */
  public void addFromPeers(long bytes) {
    fromPeers.add(bytes);
  }

  /** Adds bytes sent to a peer. */
  public void addServed(long bytes) {
    served.add(bytes);
  }

  /** Counts a piece whose bytes did not match its checksum. */
  public void countCorrupted() {
    corrupted.increment();
  }

  /** Counts a piece that was stored again after it had been dropped. */
  public void countRefetched() {
    refetched.increment();
  }

  /** The counts now. */
  public Traffic snapshot() {
    return new Traffic(
        fromSource.sum(), fromPeers.sum(), served.sum(), corrupted.sum(), refetched.sum());
  }
}
