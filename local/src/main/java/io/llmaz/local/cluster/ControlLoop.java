package io.llmaz.local.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at objects that may need something, one at a time, on a thread of its own.
 *
 * <p>A key added while it waits is looked at once. A key whose step failed comes back after a delay
 * that doubles, with full jitter; conflicts with another writer are expected and not logged.
 */
final class ControlLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
  private static final long FIRST_DELAY_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 7;

  private final String name;
  private final Consumer<ObjectKey> step;
  private final ScheduledExecutorService thread;
  private final Set<ObjectKey> waiting = ConcurrentHashMap.newKeySet();
  // Used on the loop's thread only.
  private final Map<ObjectKey, Integer> failures = new ConcurrentHashMap<>();

  ControlLoop(String name, Consumer<ObjectKey> step) {
    this.name = name;
    this.step = step;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("local-" + name).daemon().factory());
  }

  void add(ObjectKey key) {
    if (waiting.add(key)) {
      schedule(() -> run(key), 0);
    }
  }

  private void run(ObjectKey key) {
    waiting.remove(key);
    try {
      step.accept(key);
      failures.remove(key);
    } catch (RuntimeException e) {
      int before = failures.merge(key, 1, Integer::sum) - 1;
      long most = FIRST_DELAY_MILLIS << Math.min(before, MOST_DOUBLINGS);
      if (!(e instanceof KubernetesClientException client && client.getCode() == 409)) {
        LOG.warn("{} {}: failed, trying again: {}", name, key, e.toString());
      }
      schedule(() -> add(key), ThreadLocalRandom.current().nextLong(1, most + 1));
    }
  }

  private void schedule(Runnable runnable, long delayMillis) {
    try {
      ScheduledFuture<?> _ = thread.schedule(runnable, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.trace("{}: closed", name);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("{}: a step does not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
