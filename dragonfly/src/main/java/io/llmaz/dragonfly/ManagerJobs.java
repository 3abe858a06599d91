package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import io.llmaz.dragonfly.EngineException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has jobs done. A job that the manager lost sight of is created again: its work is joined where it
 * goes on, and found where it is done. Safe for use by many threads.
 */
final class ManagerJobs {
  private static final Logger log = LoggerFactory.getLogger(ManagerJobs.class);

  /** The manager looks at a job for an hour, so this is ten hours. */
  private static final int RENEWALS = 10;

  private final ManagerCalls calls;
  private final Duration poll;
  private final Duration stale;

  ManagerJobs(ManagerCalls calls, Duration poll, Duration stale) {
    this.calls = calls;
    this.poll = poll;
    this.stale = stale;
  }

  /**
   * Creates a job and waits for its end, good or bad.
   *
   * @param request the body of the request that creates it
   * @param listener told each time the manager was asked
   * @throws EngineException when the manager does not take it or goes away
   */
  ManagerJob run(JsonNode request, Consumer<ManagerJob> listener) throws InterruptedException {
    for (int renewal = 0; renewal <= RENEWALS; renewal++) {
      ManagerJob job = ManagerJob.read(calls.create(request));
      log.debug("Job {} of the manager", job.id());
      Optional<ManagerJob> ended = end(job, listener);
      if (ended.isPresent()) {
        return ended.get();
      }
      log.info("The manager lost sight of its job {}; it is created again", job.id());
    }
    throw new EngineException(
        Reason.UNAVAILABLE, "the manager lost sight of %d jobs in a row".formatted(RENEWALS + 1));
  }

  /** Empty when the manager will never tell the end. */
  private Optional<ManagerJob> end(ManagerJob created, Consumer<ManagerJob> listener)
      throws InterruptedException {
    ManagerJob job = created;
    long news = System.nanoTime();
    while (!job.ended()) {
      Thread.sleep(poll);
      Optional<JsonNode> answer = calls.job(job.id());
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      ManagerJob now = ManagerJob.read(answer.get());
      if (!now.updated().equals(job.updated())) {
        news = System.nanoTime();
      } else if (System.nanoTime() - news > stale.toNanos()) {
        return Optional.empty();
      }
      job = now;
      listener.accept(job);
    }
    return job.abandoned() ? Optional.empty() : Optional.of(job);
  }
}
