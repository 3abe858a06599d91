package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A request for objects, taken apart: which kind, which object, which subresource. */
record ApiRequest(
    HttpExchange exchange,
    String method,
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    Map<String, String> query) {
  private static final int LARGEST_BODY = 16 << 20;

  /** Takes a path apart; empty when it is not one of objects. */
  static Optional<ApiRequest> of(HttpExchange exchange) {
    String[] parts = exchange.getRequestURI().getPath().split("/");
    int at;
    String group;
    if (parts.length > 3 && parts[1].equals("api")) {
      group = "";
      at = 2;
    } else if (parts.length > 4 && parts[1].equals("apis")) {
      group = parts[2];
      at = 3;
    } else {
      return Optional.empty();
    }
    String version = parts[at++];
    String namespace = "";
    // /namespaces/x is the namespace itself; /namespaces/x/pods is what is in it.
    if (parts[at].equals("namespaces")
        && parts.length > at + 2
        && !(parts.length == at + 3
            && (parts[at + 2].equals("status") || parts[at + 2].equals("finalize")))) {
      namespace = parts[at + 1];
      at += 2;
    }
    return Optional.of(
        new ApiRequest(
            exchange,
            exchange.getRequestMethod(),
            group,
            version,
            namespace,
            parts[at],
            parts.length > at + 1 ? parts[at + 1] : "",
            parts.length > at + 2 ? parts[at + 2] : "",
            query(exchange.getRequestURI().getRawQuery())));
  }

  static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equal = pair.indexOf('=');
        query.put(
            decode(equal < 0 ? pair : pair.substring(0, equal)),
            equal < 0 ? "" : decode(pair.substring(equal + 1)));
      }
    }
    return query;
  }

  String parameter(String key) {
    return query.getOrDefault(key, "");
  }

  boolean flag(String key) {
    return parameter(key).equals("true") || parameter(key).equals("1");
  }

  String header(String key) {
    String value = exchange.getRequestHeaders().getFirst(key);
    return value == null ? "" : value;
  }

  /**
   * The resource version that is asked for.
   *
   * @throws ApiException 400 when it is no number
   */
  long resourceVersion() {
    String text = parameter("resourceVersion");
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("resourceVersion: Invalid value: \"" + text + "\"");
    }
  }

  boolean wantsTable() {
    return header("Accept").contains("as=Table");
  }

  boolean isWatch() {
    return method.equals("GET") && name.isEmpty() && flag("watch");
  }

  /** The verb of RBAC. */
  String verb() {
    return switch (method) {
      case "GET" -> !name.isEmpty() ? "get" : flag("watch") ? "watch" : "list";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      default -> method.toLowerCase(java.util.Locale.ROOT);
    };
  }

  /** The body, JSON or YAML (an apply patch is YAML); an empty object when there is none. */
  JsonNode body() {
    try {
      byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_BODY);
      if (bytes.length == 0) {
        return Json.object();
      }
      if (header("Content-Type").contains("protobuf")) {
        return ProtobufReviews.read(bytes)
            .orElseThrow(() ->
                new ApiException(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types"
                        + " include: application/json, application/yaml"));
      }
      return header("Content-Type").contains("yaml") && bytes[0] != '{'
          ? Yaml.read(bytes)
          : Json.read(bytes);
    } catch (IOException e) {
      throw ApiException.badRequest("the body cannot be read: " + e.getMessage());
    }
  }

  ObjectNode objectBody() {
    return body() instanceof ObjectNode object ? object : fail("the body is no object");
  }

  ObjectApi.Options options() {
    String manager = parameter("fieldManager");
    if (manager.isEmpty() && !header("Content-Type").contains("apply-patch")) {
      String agent = header("User-Agent");
      manager = agent.isEmpty() ? "unknown" : agent.split("[/ ]")[0];
    }
    String kind =
        switch (method) {
          case "POST" -> "CreateOptions";
          case "PUT" -> "UpdateOptions";
          default -> "PatchOptions";
        };
    String dryRun = parameter("dryRun");
    if (!dryRun.isEmpty() && !dryRun.equals("All")) {
      throw ApiException.invalidOptions(
          kind,
          new ApiException.Cause(
              "FieldValueNotSupported",
              "dryRun",
              "Unsupported value: [\"" + dryRun + "\"]: supported values: \"All\""));
    }
    if (manager.isEmpty()) {
      throw ApiException.invalidOptions(
          kind,
          new ApiException.Cause(
              "FieldValueRequired", "fieldManager", "Required value: is required for apply patch"));
    }
    return new ObjectApi.Options(
        manager,
        subresource,
        parameter("dryRun"),
        parameter("fieldValidation").equals("Strict"),
        warning -> Answers.warn(exchange, warning));
  }

  private static ObjectNode fail(String message) {
    throw ApiException.badRequest(message);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
