package io.llmaz.operator.nodes;

import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.NodeEngine;
import io.llmaz.dragonfly.SeedAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes made by hand: sets of what they have. */
final class TestingNodeEngine implements NodeEngine {
  /** {@code host task}. */
  final Set<String> there = ConcurrentHashMap.newKeySet();

  final Set<String> away = ConcurrentHashMap.newKeySet();
  final List<String> fetched = new CopyOnWriteArrayList<>();
  final List<URI> links = new CopyOnWriteArrayList<>();
  volatile boolean nobodyHasIt;
  final AtomicInteger looks = new AtomicInteger();
  final AtomicInteger atOnce = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  volatile CountDownLatch gate = new CountDownLatch(0);

  @Override
  public boolean has(SeedAddress node, String taskId) {
    looks.incrementAndGet();
    requireUp(node);
    return there.contains(node.host() + " " + taskId);
  }

  @Override
  public void fetch(SeedAddress node, FileTask task) throws InterruptedException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      gate.await();
      requireUp(node);
      if (nobodyHasIt) {
        throw new EngineException(EngineException.Reason.FAILED, "no peer has it");
      }
      links.add(task.url());
      fetched.add(node.host() + task.url().getPath());
      there.add(node.host() + " " + task.taskId());
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private void requireUp(SeedAddress node) {
    if (away.contains(node.host())) {
      throw new EngineException(EngineException.Reason.UNAVAILABLE, "nobody answers");
    }
  }

  @Override
  public void retain(Collection<SeedAddress> nodes) {}

  @Override
  public void close() {}
}
