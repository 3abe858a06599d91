package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How an API server answers over HTTP. */
final class Answers {
  private Answers() {}

  static void json(HttpExchange exchange, int code, JsonNode body) throws IOException {
    json(exchange, code, body, "application/json");
  }

  static void json(HttpExchange exchange, int code, JsonNode body, String mediaType)
      throws IOException {
    byte[] bytes = Json.bytes(body);
    exchange.getResponseHeaders().set("Content-Type", mediaType);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static void text(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Adds a warning to the answer, as kubectl shows it (RFC 7234, section 5.5). */
  static void warn(HttpExchange exchange, String text) {
    String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    exchange.getResponseHeaders().add("Warning", "299 - \"" + quoted + "\"");
  }

  /** Outside of what is served at all, the answer is no object. */
  static void notFound(HttpExchange exchange) throws IOException {
    byte[] bytes = "404 page not found\n".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(404, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static ObjectNode success() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success");
  }
}
