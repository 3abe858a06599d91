package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.dragonfly.EngineException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file as a job of type {@code preheat} (reference: {@code PreheatArgs} in {@code
 * manager/types/job.go} of Dragonfly 2.5.1).
 *
 * @param tag what makes its task id beside its address
 * @param clusters ids of the manager's scheduler clusters; empty for all
 */
record Preheat(FileTask task, String tag, List<Long> clusters) {
  /**
   * As long as a scheduler gives a seed by itself. After the manager's usual hour it would end a
   * download that goes well.
   */
  private static final Duration TIMEOUT = Duration.ofHours(10);

  /** Which seeds are asked. */
  enum Scope {
    /** The one that the scheduler asks for this task later too. Its failures are not told. */
    CHOSEN_SEED("single_seed_peer"),
    /** Any one; why it failed is told. */
    ANY_SEED("all_seed_peers");

    private final String text;

    Scope(String text) {
      this.text = text;
    }
  }

  Preheat {
    clusters = List.copyOf(clusters);
  }

  /** The body of the request that creates the job. */
  JsonNode request(Scope scope) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("type", "preheat");
    clusters.forEach(request.putArray("scheduler_cluster_ids")::add);
    ObjectNode arguments =
        request
            .putObject("args")
            .put("type", "file")
            .put("url", task.url().toString())
            .put("tag", tag)
            .put("filtered_query_params", parameters(task.url()))
            .put("scope", scope.text)
            .put("timeout", TIMEOUT.toNanos());
    if (scope == Scope.ANY_SEED) {
      arguments.put("count", 1);
    }
    task.headers().forEach(arguments.withObjectProperty("headers")::put);
    return request;
  }

  /** Whether a seed of every cluster has the file. A job may succeed though none has it. */
  boolean done(ManagerJob job) {
    return !job.parts().isEmpty()
        && job.parts().stream()
            .allMatch(part ->
                part.items("success_tasks")
                    .anyMatch(done -> done.path("url").asText().equals(task.url().toString())));
  }

  /** Why a job that is not {@link #done} failed. */
  EngineException failure(ManagerJob job) {
    return job.failure()
        .map(Preheat::failure)
        .or(() ->
            job.parts().stream()
                .flatMap(part -> part.items("failure_tasks"))
                .map(failed -> failure(failed.path("description").asText()))
                .findFirst())
        .orElseGet(() ->
            new EngineException(
                Reason.FAILED, "no seed has the file, and the manager does not say why"));
  }

  private static EngineException failure(String error) {
    EngineException failure = EngineFailures.of("the manager's scheduler", error);
    boolean noSeed = error.contains("no available seed peer");
    return noSeed
        ? new EngineException(Reason.UNAVAILABLE, String.valueOf(failure.getMessage()))
        : failure;
  }

  /** All of them: what an address says beside its path is who may read it, and for how long. */
  private static String parameters(URI url) {
    String query = url.getRawQuery();
    return query == null
        ? ""
        : Stream.of(query.split("&"))
            .map(parameter -> parameter.split("=", 2)[0])
            .distinct()
            .collect(Collectors.joining("&"));
  }
}
