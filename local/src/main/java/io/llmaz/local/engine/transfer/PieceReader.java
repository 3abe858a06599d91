package io.llmaz.local.engine.transfer;

import io.llmaz.local.engine.store.CorruptPieceException;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.local.engine.store.TaskContent;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.transfer.TransferException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A consumer's view of a task: waits for pieces and hands out only those whose bytes match their
 * checksum at that moment. A piece that went bad on disk is dropped and fetched again, a bounded
 * number of times. For one thread.
 */
public final class PieceReader implements Closeable {
  private static final int MAX_REFETCHES = 8;
  private static final Duration TURN = Duration.ofSeconds(1);

  private final Transfers transfers;
  private final TaskContent content;
  private Transfer transfer;
  private int refetches;

  private PieceReader(Transfers transfers, Transfer transfer, TaskContent content) {
    this.transfers = transfers;
    this.transfer = transfer;
    this.content = content;
  }

  /**
   * Waits until a transfer's task is described and opens it.
   *
   * @throws TransferException when the task cannot be had
   */
  public static PieceReader open(Transfers transfers, Transfer transfer, TaskStore store)
      throws IOException, InterruptedException {
    StoredTask task = result(transfer.described());
    try {
      return new PieceReader(
          transfers,
          transfer,
          store
              .open(task.id())
              .orElseThrow(
                  () -> new TransferException(Reason.CANCELLED, "the task was deleted meanwhile")));
    } catch (NoSuchElementException deleted) {
      throw new TransferException(Reason.CANCELLED, "the task was deleted meanwhile", deleted);
    }
  }

  /** The task. */
  public StoredTask task() {
    return content.task();
  }

  /** Its bytes; read only of pieces that {@link #await} has let through. */
  public TaskContent content() {
    return content;
  }

  /**
   * Waits until a piece is there and whole.
   *
   * @throws TransferException when it will not come
   */
  public void await(int number) throws IOException, InterruptedException {
    while (!tryVerify(number)) {
      waitForChange(number);
    }
  }

  /** Waits until a piece has arrived or something else has changed; does not look at its bytes. */
  public void awaitArrival(int number) throws InterruptedException {
    waitForChange(number);
  }

  /** Reads a piece into memory, checked, waiting for it when it is not there. */
  public byte[] read(int number) throws IOException, InterruptedException {
    while (true) {
      try {
        if (content.task().piece(number).isPresent()) {
          return content.read(number);
        }
      } catch (CorruptPieceException | NoSuchElementException bad) {
        refetch();
      }
      waitForChange(number);
    }
  }

  private boolean tryVerify(int number) throws IOException {
    try {
      if (content.task().piece(number).isPresent()) {
        content.verify(number);
        return true;
      }
    } catch (CorruptPieceException | NoSuchElementException bad) {
      refetch();
    }
    return false;
  }

  private void waitForChange(int number) throws InterruptedException {
    long seen = content.task().changes();
    if (content.task().piece(number).isPresent()) {
      return;
    }
    if (content.task().deleted()) {
      throw new TransferException(Reason.CANCELLED, "the task was deleted meanwhile");
    }
    if (transfer.done().isDone()) {
      var _ = result(transfer.done());
      if (content.task().piece(number).isEmpty()) {
        refetch();
      }
      return;
    }
    content.task().await(seen, TURN);
  }

  private void refetch() {
    if (++refetches > MAX_REFETCHES) {
      throw new TransferException(
          Reason.FAILED, "pieces of task " + content.task().id() + " go bad again and again");
    }
    transfer = transfers.join(transfer.request());
  }

  private static StoredTask result(CompletableFuture<StoredTask> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof TransferException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
