package io.llmaz.dragonfly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmaz.dragonfly.EngineException.Reason;
import java.io.IOException;
import java.util.Optional;

/**
 * What an answer of the manager means (reference: {@code manager/middlewares} and {@code
 * manager/handlers/job.go} of Dragonfly 2.5.1). An answer that may be another one the next time has
 * the reason {@code UNAVAILABLE}.
 */
final class ManagerAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ManagerAnswers() {}

  /**
   * The JSON of an answer; empty when what was asked for is not there.
   *
   * @throws EngineException for every other answer
   */
  static Optional<JsonNode> read(int status, byte[] body) {
    if (status == 200) {
      return Optional.of(json(body));
    }
    String said = "the manager answered " + status + said(body);
    return switch (status) {
      case 404 -> Optional.empty();
      case 401, 403 ->
          throw new EngineException(
              Reason.REFUSED, "the manager does not take our token: " + status + said(body));
      case 301, 302 ->
          throw new EngineException(Reason.REFUSED, said + "; it has no open API there");
      default ->
          throw new EngineException(
              status == 408 || status >= 500 ? Reason.UNAVAILABLE : Reason.REFUSED, said);
    };
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.isContainerNode()) {
        return json;
      }
    } catch (IOException e) {
      // Without the cause: its message quotes the answer.
    }
    throw new EngineException(Reason.UNAVAILABLE, "the manager answered something that is no JSON");
  }

  /** What it says beside the status: {@code message}, {@code errors}, or a line of text. */
  private static String said(byte[] body) {
    String text = new String(body, java.nio.charset.StandardCharsets.UTF_8).strip();
    try {
      JsonNode json = JSON.readTree(text);
      String message = json.path("message").asText(json.path("errors").asText(""));
      return message.isEmpty() ? "" : ", " + EngineFailures.safe(message);
    } catch (JsonProcessingException e) {
      return text.isEmpty() || text.startsWith("<") ? "" : ", " + EngineFailures.safe(text);
    }
  }
}
