package io.llmaz.gateway;

import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a task cost its source, and how much it still may. Each reader that was given links adds its
 * share to the budget; so ten nodes that read directly are served, and a loop is not.
 */
final class TaskUsage implements OriginHttp.Meter {
  private static final long SLACK = 16L << 20;

  private final String task;
  private final double budget;
  private final OriginHttp.Meter all;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong readers = new AtomicLong();

  TaskUsage(String task, double budget, OriginHttp.Meter all) {
    this.task = task;
    this.budget = budget;
    this.all = all;
  }

  void linksGiven() {
    readers.incrementAndGet();
  }

  /**
   * Lets a read of the source begin, or not.
   *
   * @throws GatewayException 429 when the budget is spent
   */
  void check(long taskSize) {
    double allowed = budget * taskSize * Math.max(1, readers.get()) + SLACK;
    if (bytes.get() > allowed) {
      throw new GatewayException(
          429,
          SourceException.Kind.BUG,
          "the byte budget of task %s is spent: %d bytes were read from the source, its size is %d"
              .formatted(task, bytes.get(), taskSize));
    }
  }

  long originBytes() {
    return bytes.get();
  }

  long originRequests() {
    return requests.get();
  }

  @Override
  public void request(String host) {
    requests.incrementAndGet();
    all.request(host);
  }

  @Override
  public void bytes(String host, int count) {
    bytes.addAndGet(count);
    all.bytes(host, count);
  }
}
