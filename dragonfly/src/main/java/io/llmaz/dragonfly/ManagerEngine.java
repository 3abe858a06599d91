package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.Preheat.Scope;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Drives Dragonfly's seeds through its manager, by jobs of the open API ({@code POST
 * /oapi/v1/jobs}), where seeds and schedulers cannot be reached.
 *
 * <p>Against {@link DfdaemonEngine} it knows less and knows it later: no bytes are told, only the
 * end; the manager looks at a job half a minute after it began, then more and more rarely; what was
 * begun cannot be stopped, so cancelling only ends the waiting. Files have to be named by {@link
 * #keys}, and an image's blobs, which daemons name by their digests alone, cannot be.
 */
public final class ManagerEngine implements DistributionEngine {
  private final ManagerEngineConfig config;
  private final ManagerCalls calls;
  private final ManagerJobs jobs;
  private final Transfers transfers = new Transfers(this::run);

  private ManagerEngine(ManagerEngineConfig config) {
    this.config = config;
    this.calls = new ManagerCalls(config);
    this.jobs = new ManagerJobs(calls, config.poll(), config.stale());
  }

  /**
   * Starts an engine; nothing is connected before it is asked for something.
   *
   * @throws EngineException unavailable, when the manager's authority cannot be used
   */
  public static ManagerEngine start(ManagerEngineConfig config) {
    return new ManagerEngine(config);
  }

  @Override
  public TaskKeys keys() {
    return TaskKeys.ofAddresses(config.gateway());
  }

  @Override
  public CompletableFuture<Progress> distribute(FileTask task, Consumer<Progress> listener) {
    return transfers.join(task, listener);
  }

  /** By a job, so it takes at least half a minute. */
  @Override
  public Optional<Progress> stat(String taskId) {
    Optional<Progress> running = transfers.latest(taskId);
    return running.isPresent()
        ? running
        : done(request("get_task", taskId)).parts().stream()
            .flatMap(part -> part.items("peers"))
            .filter(peer -> peer.path("host_type").asText().equals("super"))
            .map(peer -> peer.path("IsFinished").asBoolean() ? whole(taskId) : begun(taskId))
            .reduce((one, other) -> one.complete() ? one : other);
  }

  /**
   * By a job, so it takes at least half a minute. Nodes that the scheduler knows to have the task
   * lose it too.
   */
  @Override
  public void delete(String taskId) {
    transfers.cancel(taskId, "the task is deleted");
    done(request("delete_task", taskId)).parts().stream()
        .flatMap(part -> part.items("failure_tasks"))
        .findFirst()
        .ifPresent(failed -> {
          throw EngineFailures.of("the manager's scheduler", failed.path("description").asText());
        });
  }

  /** Whether the manager takes jobs; of seeds it tells nothing before one was tried. */
  @Override
  public boolean available() {
    try {
      return calls.answers();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    transfers.close();
    calls.close();
  }

  private Progress run(Transfer transfer) throws InterruptedException {
    FileTask task = transfer.task();
    Preheat preheat = new Preheat(task, tag(task), config.schedulerClusters());
    ManagerJob last = preheat(preheat, Scope.CHOSEN_SEED, transfer);
    if (!preheat.done(last) && last.failure().isEmpty()) {
      last = preheat(preheat, Scope.ANY_SEED, transfer);
    }
    if (!preheat.done(last)) {
      throw preheat.failure(last);
    }
    return whole(task.taskId());
  }

  private ManagerJob preheat(Preheat preheat, Scope scope, Transfer transfer)
      throws InterruptedException {
    return jobs.run(
        preheat.request(scope),
        job -> {
          // A job that waits in a queue has not begun, and nodes would go to the source.
          boolean started = job.parts().stream().anyMatch(ManagerJob.Part::started);
          if (started && transfer.latest().isEmpty()) {
            transfer.report(begun(transfer.task().taskId()));
          }
        });
  }

  private static String tag(FileTask task) {
    String key = task.contentKey();
    if (key == null) {
      throw new EngineException(
          Reason.REFUSED,
          "Dragonfly's manager cannot put an image's blobs under the ids that nodes ask for"
              + " (p2p.seeds or p2p.scheduler can)");
    }
    return TaskKeys.tag(task.url(), key)
        .orElseThrow(() ->
            new EngineException(
                Reason.REFUSED,
                "the gateway's links begin with http(s)://%s, and p2p.gateway is another address"
                    .formatted(task.url().getAuthority())));
  }

  private ManagerJob done(JsonNode request) {
    try {
      ManagerJob job = jobs.run(request, progress -> {});
      job.failure()
          .ifPresent(error -> {
            throw EngineFailures.of("the manager's scheduler", error);
          });
      return job;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(Reason.CANCELLED, "cancelled", 0, e);
    }
  }

  private JsonNode request(String type, String taskId) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("type", type);
    config.schedulerClusters().forEach(request.putArray("scheduler_cluster_ids")::add);
    request.putObject("args").put("task_id", taskId);
    return request;
  }

  private static Progress begun(String taskId) {
    return new Progress(taskId, Progress.UNKNOWN, 0, 0);
  }

  private static Progress whole(String taskId) {
    return new Progress(taskId, Progress.UNKNOWN, Progress.UNKNOWN, 0);
  }
}
