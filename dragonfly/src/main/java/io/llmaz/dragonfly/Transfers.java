package io.llmaz.dragonfly;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What an engine has under way, by task: asking twice for one task joins the first. Safe for use by
 * many threads.
 */
final class Transfers implements AutoCloseable {
  private static final String CLOSED = "the engine is closed";

  private final Map<String, Transfer> byTask = new ConcurrentHashMap<>();
  private final Transfer.Work work;
  private volatile boolean closed;

  /**
   * @param work what each transfer does, on a virtual thread of its own
   */
  Transfers(Transfer.Work work) {
    this.work =
        transfer -> {
          try {
            return work.run(transfer);
          } finally {
            byTask.remove(transfer.task().taskId(), transfer);
          }
        };
  }

  /** See {@link DistributionEngine#distribute}. */
  CompletableFuture<Progress> join(FileTask task, Consumer<Progress> listener) {
    String taskId = task.taskId();
    while (!closed) {
      Transfer transfer = byTask.computeIfAbsent(taskId, id -> new Transfer(task));
      Optional<CompletableFuture<Progress>> joined = transfer.join(listener, work);
      if (joined.isPresent()) {
        if (closed) {
          transfer.cancel(CLOSED);
        }
        return joined.get();
      }
      byTask.remove(taskId, transfer);
    }
    return CompletableFuture.failedFuture(new EngineException(Reason.CANCELLED, CLOSED));
  }

  /** How far a task is that is under way. */
  Optional<Progress> latest(String taskId) {
    return Optional.ofNullable(byTask.get(taskId)).flatMap(Transfer::latest);
  }

  /** Ends a task for everyone who waits for it. */
  void cancel(String taskId, String why) {
    Transfer transfer = byTask.remove(taskId);
    if (transfer != null) {
      transfer.cancel(why);
    }
  }

  @Override
  public void close() {
    closed = true;
    byTask.values().forEach(transfer -> transfer.cancel(CLOSED));
  }
}
