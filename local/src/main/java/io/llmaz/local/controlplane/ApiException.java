package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A refusal, as the {@code Status} object that a real API server would answer. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;

  /** What is wrong with one field. */
  record Cause(String reason, String field, String message) {}

  ApiException(int code, String reason, String message) {
    this(code, reason, message, Json.object());
  }

  private ApiException(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  static ApiException notFound(ResourceType type, String name) {
    return new ApiException(
        404,
        "NotFound",
        "%s \"%s\" not found".formatted(type.qualified(), name),
        about(type, name));
  }

  static ApiException alreadyExists(ResourceType type, String name) {
    return new ApiException(
        409,
        "AlreadyExists",
        "%s \"%s\" already exists".formatted(type.qualified(), name),
        about(type, name));
  }

  static ApiException conflict(ResourceType type, String name) {
    return new ApiException(
        409,
        "Conflict",
        ("Operation cannot be fulfilled on %s \"%s\": the object has been modified; please apply"
                + " your changes to the latest version and try again")
            .formatted(type.qualified(), name),
        about(type, name));
  }

  static ApiException applyConflict(List<Cause> causes) {
    ObjectNode details = Json.object();
    addCauses(details, causes);
    return new ApiException(
        409,
        "Conflict",
        "Apply failed with %d conflict%s: %s"
            .formatted(
                causes.size(),
                causes.size() == 1 ? "" : "s",
                String.join(
                    "\n- ", causes.stream().map(c -> c.message() + ": " + c.field()).toList())),
        details);
  }

  static ApiException invalid(ResourceType type, String name, List<Cause> causes) {
    ObjectNode details = about(type, name);
    details.put("kind", type.kind());
    addCauses(details, causes);
    List<String> texts = causes.stream().map(c -> c.field() + ": " + c.message()).toList();
    String all = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new ApiException(
        422, "Invalid", "%s \"%s\" is invalid: %s".formatted(kind, name, all), details);
  }

  /** What an admission policy says. */
  static ApiException denied(ResourceType type, String name, String reason, String message) {
    ObjectNode details = about(type, name);
    details.putArray("causes").addObject().put("message", message);
    int code =
        switch (reason) {
          case "Forbidden" -> 403;
          case "Unauthorized" -> 401;
          case "RequestEntityTooLarge" -> 413;
          default -> 422;
        };
    return new ApiException(
        code,
        reason,
        "%s \"%s\" is forbidden: %s".formatted(type.qualified(), name, message),
        details);
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException forbidden(String message) {
    return new ApiException(403, "Forbidden", message);
  }

  int code() {
    return code;
  }

  ObjectNode status() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  private static ObjectNode about(ResourceType type, String name) {
    ObjectNode details = Json.object().put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    return details.put("kind", type.plural());
  }

  private static void addCauses(ObjectNode details, List<Cause> causes) {
    ArrayNode list = details.putArray("causes");
    for (Cause cause : causes) {
      list.addObject()
          .put("reason", cause.reason())
          .put("message", cause.message())
          .put("field", cause.field());
    }
  }
}
