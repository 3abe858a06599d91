package io.llmaz.operator.p2p;

import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TaskKeys;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An engine that has everything at once, fails so often, or holds what it was asked for. */
final class TestingEngine implements DistributionEngine {
  final List<FileTask> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();
  final List<CompletableFuture<Progress>> held = new CopyOnWriteArrayList<>();
  final List<Consumer<Progress>> listeners = new CopyOnWriteArrayList<>();
  volatile TaskKeys keys = TaskKeys.CONTENT;
  volatile long progress = 1;
  volatile boolean hold;
  volatile Optional<SeedAddress> seed = Optional.empty();
  volatile Optional<String> failing = Optional.empty();
  volatile boolean closed;

  @Override
  public CompletableFuture<Progress> distribute(FileTask task, Consumer<Progress> listener) {
    calls.incrementAndGet();
    boolean mayFail = failing.isEmpty() || failing.get().equals(task.url().getPath());
    if (mayFail && failures.getAndDecrement() > 0) {
      return CompletableFuture.failedFuture(
          new EngineException(EngineException.Reason.UNAVAILABLE, "no seed answers"));
    }
    asked.add(task);
    listeners.add(listener);
    Progress done = new Progress(task.taskId(), 1, 1, 1, seed);
    if (!hold) {
      return CompletableFuture.completedFuture(done);
    }
    CompletableFuture<Progress> future = new CompletableFuture<>();
    held.add(future);
    return future;
  }

  void finishAll() {
    held.forEach(future -> future.complete(done()));
  }

  /** As a transfer does: its listener first. */
  void finish(int number) {
    listeners.get(number).accept(done());
    held.get(number).complete(done());
  }

  private Progress done() {
    return new Progress("0".repeat(64), progress, progress, 0);
  }

  @Override
  public TaskKeys keys() {
    return keys;
  }

  @Override
  public Optional<Progress> stat(String taskId) {
    return Optional.empty();
  }

  @Override
  public void delete(String taskId) {}

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
