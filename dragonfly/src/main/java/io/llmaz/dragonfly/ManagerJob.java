package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import io.llmaz.dragonfly.EngineException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job as the manager tells it (reference: {@code manager/models/job.go} and {@code
 * internal/job/job.go} of Dragonfly 2.5.1).
 *
 * @param state {@code PENDING}, also while it is worked on, {@code SUCCESS} or {@code FAILURE}
 * @param updated when the manager last looked
 * @param parts one for each scheduler cluster; none until the manager has looked
 */
record ManagerJob(long id, String state, String updated, List<Part> parts) {

  /**
   * What one scheduler did.
   *
   * @param state one of machinery's: {@code PENDING}, {@code RECEIVED}, {@code STARTED}, {@code
   *     RETRY}, {@code SUCCESS}, {@code FAILURE}
   * @param error empty unless it failed
   */
  record Part(String state, String error, List<JsonNode> results) {
    boolean failed() {
      return state.equals("FAILURE");
    }

    boolean started() {
      return state.equals("STARTED");
    }

    /** The items of a list that is in each result, of any that has it. */
    Stream<JsonNode> items(String list) {
      return results.stream().flatMap(result -> result.path(list).valueStream());
    }
  }

  ManagerJob {
    parts = List.copyOf(parts);
  }

  /**
   * Reads it.
   *
   * @throws EngineException when it is no job
   */
  static ManagerJob read(JsonNode json) {
    if (!json.path("id").isIntegralNumber() || !json.path("state").isTextual()) {
      throw new EngineException(Reason.FAILED, "the manager answered something that is no job");
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : json.path("result").path("job_states")) {
      parts.add(
          new Part(
              part.path("state").asText(),
              part.path("error").asText(),
              part.path("results").valueStream().toList()));
    }
    return new ManagerJob(
        json.path("id").asLong(),
        json.path("state").asText(),
        json.path("updated_at").asText(),
        parts);
  }

  boolean ended() {
    return state.equals("SUCCESS") || state.equals("FAILURE");
  }

  /**
   * Whether the manager gave up looking, which it does after about 62 minutes and calls a failure;
   * the scheduler goes on.
   */
  boolean abandoned() {
    return state.equals("FAILURE") && failure().isEmpty();
  }

  /** Why a scheduler could not do it. */
  Optional<String> failure() {
    return parts.stream().filter(Part::failed).map(Part::error).findFirst();
  }
}
