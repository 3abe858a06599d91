package io.llmaz.gateway;

import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a task cost its source, and how much it still may. Each pod that was given links adds its
 * share to the budget, once; so ten nodes that read directly are served, and a loop is not, however
 * often it asks for links. Safe for many threads.
 */
final class TaskUsage implements OriginHttp.Meter, BlockRead.Meter {
  private static final long SLACK = 16L << 20;
  private static final int MOST_READERS = 10_000;

  private final String task;
  private final double budget;
  private final MeterRegistry metrics;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong size = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Set<String> readers = ConcurrentHashMap.newKeySet();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  /**
   * Nothing used yet.
   *
   * @param task as in metrics
   */
  TaskUsage(String task, double budget, MeterRegistry metrics) {
    this.task = task;
    this.budget = budget;
    this.metrics = metrics;
    Gauge.builder("llmaz.gateway.amplification", this, TaskUsage::amplification)
        .tag("task", task)
        .register(metrics);
  }

  /**
   * Somebody may read now.
   *
   * @param pod who; if nobody knows, it is one more
   */
  void linksGivenTo(Optional<String> pod) {
    if (readers.size() < MOST_READERS) {
      readers.add(pod.orElseGet(() -> "reader " + readers.size()));
    }
  }

  /**
   * Lets a read of the source begin, or not.
   *
   * @throws GatewayException 429 when the budget is spent
   */
  void check(long taskSize) {
    size.set(taskSize);
    double allowed = budget * taskSize * Math.max(1, readers.size()) + SLACK;
    if (bytes.get() > allowed) {
      throw new GatewayException(
          429,
          SourceException.Kind.BUG,
          "the byte budget of task %s is spent: %d bytes were read from the source for %d readers, its size is %d"
              .formatted(task, bytes.get(), readers.size(), taskSize));
    }
  }

  /** Whether nobody was told yet that the budget is spent; true once. */
  boolean firstTold() {
    return told.compareAndSet(false, true);
  }

  long originBytes() {
    return bytes.get();
  }

  long originRequests() {
    return requests.get();
  }

  private double amplification() {
    return size.get() == 0 ? 0 : (double) bytes.get() / size.get();
  }

  @Override
  public void request(String host) {
    requests.incrementAndGet();
    counter("llmaz.gateway.origin.requests", "host", host).increment();
  }

  @Override
  public void bytes(String host, int count) {
    bytes.addAndGet(count);
    counter("llmaz.gateway.origin.bytes", "host", host).increment(count);
  }

  /** A seed gave what would have been asked of the source. */
  void fromSeed(String seed, int count) {
    counter("llmaz.gateway.seed.bytes", "seed", seed).increment(count);
  }

  @Override
  public void retried(String host) {
    counter("llmaz.gateway.origin.retries", "host", host).increment();
  }

  @Override
  public void served(int count, boolean hit) {
    counter("llmaz.gateway.served.bytes", "cache", hit ? "hit" : "miss").increment(count);
  }

  /** Looking a meter up by its tags costs more than counting; so they are kept. */
  private Counter counter(String name, String tag, String value) {
    return counters.computeIfAbsent(
        name + "\n" + value, key -> metrics.counter(name, tag, value, "task", task));
  }
}
