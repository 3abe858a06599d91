package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Metadata;
import io.grpc.Status;
import io.llmaz.dragonfly.EngineException.Reason;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon's gRPC failure means to a caller. A source's answer comes in two forms: as JSON of
 * {@code errordetails.v2.Backend} in the status details (where others put a protobuf message), and
 * as text, {@code backend error: 404 Not Found}.
 */
final class EngineFailures {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Pattern BACKEND =
      Pattern.compile("\\bbackend error\\b(?:.*?\\b([45]\\d\\d)\\b)?");
  private static final Pattern QUERY = Pattern.compile("\\?[^\\s\"'()<>]+");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_MESSAGE_CHARS = 500;

  private EngineFailures() {}

  /** The failure of a call that nobody here cancelled. */
  static EngineException of(
      SeedAddress seed, Status status, @Nullable Metadata trailers, Throwable cause) {
    return of("seed " + seed, status, trailers, cause);
  }

  /**
   * The same for any daemon.
   *
   * @param who begins the message
   */
  static EngineException of(
      String who, Status status, @Nullable Metadata trailers, Throwable cause) {
    String description = safe(status.getDescription());
    String message = who + ": " + (description.isEmpty() ? status.getCode().name() : description);
    Matcher text = BACKEND.matcher(description);
    JsonNode backend = backend(trailers);
    if (backend != null || text.find()) {
      OptionalInt code = sourceStatus(backend, text);
      return new EngineException(Reason.SOURCE_FAILED, message, code.orElse(0), null);
    }
    return new EngineException(reason(status.getCode()), message, 0, cause);
  }

  /**
   * The failure of a daemon that somebody else asked, of whom only the text is known.
   *
   * @param who begins the message
   */
  static EngineException of(String who, String text) {
    Matcher backend = BACKEND.matcher(text);
    String message = who + ": " + safe(text);
    return backend.find()
        ? new EngineException(
            Reason.SOURCE_FAILED, message, sourceStatus(null, backend).orElse(0), null)
        : new EngineException(Reason.FAILED, message);
  }

  private static Reason reason(Status.Code code) {
    return switch (code) {
      // A seed that stops cancels its streams; one that has too much to do is as good as away.
      case UNAVAILABLE, CANCELLED, ABORTED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED ->
          Reason.UNAVAILABLE;
      case INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          UNIMPLEMENTED ->
          Reason.REFUSED;
      default -> Reason.FAILED;
    };
  }

  private static OptionalInt sourceStatus(@Nullable JsonNode backend, Matcher text) {
    if (backend != null && backend.path("status_code").isInt()) {
      return OptionalInt.of(backend.path("status_code").intValue());
    }
    return text.reset().find() && text.group(1) != null
        ? OptionalInt.of(Integer.parseInt(text.group(1)))
        : OptionalInt.empty();
  }

  private static @Nullable JsonNode backend(@Nullable Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      return null;
    }
    try {
      JsonNode node = JSON.readTree(details);
      return node != null && node.isObject() && node.has("status_code") ? node : null;
    } catch (IOException e) {
      // Details of another kind, such as a protobuf Any.
      return null;
    }
  }

  /** Without queries, which may hold signatures, and not longer than a status can take. */
  static String safe(@Nullable String description) {
    String text = description == null ? "" : QUERY.matcher(description).replaceAll("?...");
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "...";
  }
}
