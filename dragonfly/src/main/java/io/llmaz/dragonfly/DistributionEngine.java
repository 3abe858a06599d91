package io.llmaz.dragonfly;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Puts files where peers can fetch them. The p2ptask-controller and the tests know only this port;
 * its driver speaks Dragonfly's gRPC API, to real daemons and to the embedded engine alike.
 *
 * <p>Implementations are safe for use by many threads; listeners are called from any thread, one
 * call at a time for each transfer.
 */
public interface DistributionEngine extends AutoCloseable {

  /**
   * Starts to bring a file into a seed peer, or joins the transfer that is under way.
   *
   * @param listener told of each step; must not block
   * @return completes with the last progress when the file is whole on the seed; fails with an
   *     {@link EngineException}. Cancelling it stops waiting and tells the daemon to stop.
   */
  CompletableFuture<Progress> distribute(FileTask task, Consumer<Progress> listener);

  /**
   * What a seed has of a task; empty when no seed that answers knows it. Of a transfer that
   * somebody else started only the end is known: until then {@code completedLength} is 0.
   *
   * @throws EngineException when no seed answers
   */
  Optional<Progress> stat(String taskId);

  /**
   * Removes a task from the seeds and ends its transfer. Removing an unknown one is no error, nor
   * is a seed that is away while others answer.
   *
   * @throws EngineException when no seed answers, or one cannot remove it
   */
  void delete(String taskId);

  /** Whether a seed is there to take tasks now. Costs at most one round trip. */
  boolean available();

  /** How its tasks have to be named for loaders and nodes to find them. */
  default TaskKeys keys() {
    return TaskKeys.CONTENT;
  }

  @Override
  void close();

  /**
   * How far a file is.
   *
   * @param taskId Dragonfly's id of the task, 64 hex digits
   * @param contentLength bytes of the whole file, or {@link #UNKNOWN} from an engine that is told
   *     no bytes
   * @param completedLength bytes that the seed has; of an unknown length 0 until it is whole, then
   *     {@link #UNKNOWN} too
   * @param lengthFromSource bytes of {@code completedLength} that this transfer read from the
   *     source, as far as the pieces' traffic type tells
   * @param seed that was asked; empty when the engine does not know which one was
   */
  record Progress(
      String taskId,
      long contentLength,
      long completedLength,
      long lengthFromSource,
      Optional<SeedAddress> seed) {
    /** The length of a file whose engine does not tell it. */
    public static final long UNKNOWN = -1;

    /** Of a seed that nobody knows. */
    public Progress(
        String taskId, long contentLength, long completedLength, long lengthFromSource) {
      this(taskId, contentLength, completedLength, lengthFromSource, Optional.empty());
    }

    /** The same at a seed. */
    Progress at(SeedAddress asked) {
      return new Progress(
          taskId, contentLength, completedLength, lengthFromSource, Optional.of(asked));
    }

    /** Whether every byte is there. */
    public boolean complete() {
      return completedLength == contentLength;
    }
  }
}
