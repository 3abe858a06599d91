package io.llmaz.dragonfly;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One download that is under way and everyone who waits for it. When the last of them cancels, the
 * thread that does it is interrupted.
 *
 * <p>Listeners are called under this object's lock, so one at a time; futures are completed outside
 * it.
 */
final class Transfer {
  private static final Logger log = LoggerFactory.getLogger(Transfer.class);

  /** What a transfer does; interrupted when nobody wants it any more. */
  interface Work {
    Progress run(Transfer transfer) throws InterruptedException;
  }

  private record Waiter(CompletableFuture<Progress> future, Consumer<Progress> listener) {}

  private final FileTask task;
  private final List<Waiter> waiters = new ArrayList<>();
  private @Nullable Progress latest;
  private @Nullable Thread thread;
  private boolean ended;

  Transfer(FileTask task) {
    this.task = task;
  }

  FileTask task() {
    return task;
  }

  /** A future of this transfer; empty when it is over. The first to join starts the work. */
  synchronized Optional<CompletableFuture<Progress>> join(Consumer<Progress> listener, Work work) {
    if (ended) {
      return Optional.empty();
    }
    Waiter waiter = new Waiter(new CompletableFuture<>(), listener);
    waiters.add(waiter);
    if (latest != null) {
      tell(waiter, latest);
    }
    if (thread == null) {
      thread = Thread.ofVirtual().name("distribute-" + task.taskId()).start(() -> run(work));
    }
    var _ =
        waiter.future.whenComplete((progress, failure) -> {
          if (waiter.future.isCancelled()) {
            leave(waiter);
          }
        });
    return Optional.of(waiter.future);
  }

  synchronized Optional<Progress> latest() {
    return Optional.ofNullable(latest);
  }

  synchronized void report(Progress progress) {
    latest = progress;
    waiters.forEach(waiter -> tell(waiter, progress));
  }

  /** Ends it for everyone. */
  void cancel(String why) {
    List<Waiter> left = end();
    EngineException cancelled = new EngineException(Reason.CANCELLED, why);
    left.forEach(waiter -> waiter.future.completeExceptionally(cancelled));
  }

  private void run(Work work) {
    try {
      Progress whole = work.run(this);
      report(whole);
      end().forEach(waiter -> waiter.future.complete(whole));
    } catch (InterruptedException e) {
      cancel("cancelled");
    } catch (EngineException e) {
      end().forEach(waiter -> waiter.future.completeExceptionally(e));
    } catch (RuntimeException e) {
      EngineException bug = new EngineException(Reason.FAILED, "failed: " + e, 0, e);
      end().forEach(waiter -> waiter.future.completeExceptionally(bug));
    }
  }

  private synchronized void leave(Waiter waiter) {
    waiters.remove(waiter);
    if (waiters.isEmpty()) {
      var _ = end();
    }
  }

  private synchronized List<Waiter> end() {
    ended = true;
    if (thread != null && thread != Thread.currentThread()) {
      thread.interrupt();
    }
    List<Waiter> left = List.copyOf(waiters);
    waiters.clear();
    return left;
  }

  private static void tell(Waiter waiter, Progress progress) {
    try {
      waiter.listener.accept(progress);
    } catch (RuntimeException e) {
      log.error("A listener of {} failed", progress.taskId(), e);
    }
  }
}
