package io.llmaz.operator.p2p;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Those who read a task's source beside us: pods that did not wait for a seed that was away. Their
 * nodes have the files soon, and the seed can take them from there. A seed that is asked meanwhile
 * is sent to the source as well, as Dragonfly's scheduler gives it no node that is still reading
 * (seen with 2.5.1), and every byte that is left leaves the source twice.
 */
final class OtherReaders {
  private final LongSupplier originBytes;
  private final Duration betweenLooks;

  /**
   * Of a task.
   *
   * @param originBytes what the gateway read from the source for it, so far
   */
  OtherReaders(LongSupplier originBytes, Duration betweenLooks) {
    this.originBytes = originBytes;
    this.betweenLooks = betweenLooks;
  }

  /**
   * Returns when nobody has read between two looks. A seed does not wait for readers without end:
   * when all files went by once and somebody still reads, no node keeps what it gets.
   *
   * @param size of all files
   * @return whether somebody has read
   */
  boolean awaitEnd(long size) throws InterruptedException {
    long begun = originBytes.getAsLong();
    long before = begun;
    while (true) {
      Thread.sleep(betweenLooks);
      long now = originBytes.getAsLong();
      if (now <= before || now - begun > size) {
        return now > begun;
      }
      before = now;
    }
  }
}
