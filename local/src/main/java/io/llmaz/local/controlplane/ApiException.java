package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A refusal, as the {@code Status} object that a real API server would answer. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;
  private boolean detailed;

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

  static ApiException alreadyExists(ResourceType type, String name, boolean deleting) {
    return new ApiException(
        409,
        "AlreadyExists",
        "%s%s \"%s\" already exists"
            .formatted(deleting ? "object is being deleted: " : "", type.qualified(), name),
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

  /**
   * Fields that others own with another value.
   *
   * @param conflicts what of it is whose
   * @param apiVersion in which they own it
   */
  static ApiException applyConflict(
      Map<ManagedFields.Owner, FieldSet> conflicts, String apiVersion) {
    List<Cause> causes = new ArrayList<>();
    StringBuilder several = new StringBuilder();
    conflicts.forEach((owner, fields) -> {
      String whose = owner.describe(apiVersion);
      several.append(several.isEmpty() ? "" : "\n").append("conflicts with ").append(whose);
      several.append(':');
      fields.eachMember(
          "",
          path -> {
            causes.add(new Cause("FieldManagerConflict", path, "conflict with " + whose));
            several.append("\n- ").append(path);
          });
    });
    ObjectNode details = Json.object();
    addCauses(details, causes);
    return new ApiException(
        409,
        "Conflict",
        causes.size() == 1
            ? "Apply failed with 1 conflict: %s: %s"
                .formatted(causes.getFirst().message(), causes.getFirst().field())
            : "Apply failed with %d conflicts: %s".formatted(causes.size(), several),
        details);
  }

  static ApiException invalid(ResourceType type, String name, List<Cause> causes) {
    ObjectNode details = about(type, name);
    details.put("kind", type.kind());
    addCauses(details, causes);
    List<String> texts =
        causes.stream().map(c -> c.field() + ": " + c.message()).distinct().toList();
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

  /** A parameter of the request that is wrong: {@code CreateOptions}, {@code PatchOptions}, … */
  static ApiException invalidOptions(String kind, Cause cause) {
    ObjectNode details = Json.object().put("group", "meta.k8s.io").put("kind", kind);
    addCauses(details, List.of(cause));
    return new ApiException(
        422,
        "Invalid",
        "%s.meta.k8s.io \"\" is invalid: %s: %s".formatted(kind, cause.field(), cause.message()),
        details);
  }

  /** A replacement of an object that says not of which version. */
  static ApiException versionRequired(ResourceType type, String name) {
    Cause cause =
        new Cause(
            "FieldValueInvalid",
            "metadata.resourceVersion",
            "Invalid value: 0: must be specified for an update");
    ObjectNode details = about(type, name);
    addCauses(details, List.of(cause));
    return new ApiException(
        422,
        "Invalid",
        "%s \"%s\" is invalid: %s: %s"
            .formatted(type.qualified(), name, cause.field(), cause.message()),
        details);
  }

  /** A condition of the caller that does not hold. */
  static ApiException precondition(ResourceType type, String name, String why) {
    ObjectNode details = about(type, name);
    details.put("kind", type.kind());
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.kind(), name, why),
        details);
  }

  /** Something that only an object that is there can have. */
  static ApiException absent(ResourceType type, String name, String why) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.qualified(), name, why),
        about(type, name));
  }

  /** An object of another kind than the address. */
  static ApiException wrongKind(ResourceType type, String name, String group, String kind) {
    Cause cause =
        new Cause(
            "FieldValueInvalid", "kind", "Invalid value: \"" + kind + "\": must be " + type.kind());
    ObjectNode details = about(type, name);
    details.put("kind", kind);
    addCauses(details, List.of(cause));
    return new ApiException(
        422,
        "Invalid",
        "%s.%s \"%s\" is invalid: %s: %s"
            .formatted(kind, group, name, cause.field(), cause.message()),
        details);
  }

  /** An applied object that is not of its kind's shape. */
  static ApiException notTyped(ObjectNode applied, List<String> errors) {
    String apiVersion = applied.path("apiVersion").asText();
    return new ApiException(
        500,
        "",
        "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
            .formatted(
                Meta.namespace(applied),
                Meta.name(applied),
                apiVersion.contains("/") ? apiVersion : "/" + apiVersion,
                applied.path("kind").asText(),
                errors.size() == 1
                    ? errors.getFirst()
                    : "errors:\n  " + String.join("\n  ", errors)));
  }

  /** A patch that cannot be carried out. */
  static ApiException patchFailed() {
    ApiException failed =
        new ApiException(
            422, "Invalid", "the server rejected our request due to an error in our request");
    return failed.withDetails();
  }

  /**
   * A method that a resource does not have.
   *
   * @param verb of kinds of CRDs, whose answers name it
   */
  static ApiException methodNotAllowed(ResourceType type, String verb) {
    if (!type.custom()) {
      return new ApiException(
              405,
              "MethodNotAllowed",
              "the server does not allow this method on the requested resource")
          .withDetails();
    }
    return new ApiException(
        405,
        "MethodNotAllowed",
        "%s is not supported on resources of kind \"%s\"".formatted(verb, type.qualified()),
        about(type, ""));
  }

  static ApiException unknownResource() {
    return new ApiException(404, "NotFound", "the server could not find the requested resource")
        .withDetails();
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException forbidden(String message) {
    return new ApiException(403, "Forbidden", message);
  }

  /** Shows details also when there is none, as some answers do. */
  private ApiException withDetails() {
    detailed = true;
    return this;
  }

  int code() {
    return code;
  }

  ObjectNode status() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage());
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (detailed || !details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  private static ObjectNode about(ResourceType type, String name) {
    ObjectNode details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
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
