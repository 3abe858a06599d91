package io.llmaz.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code POST /v1/embeddings}, {@code GET /v1/models} and {@code GET /health} in the shapes of
 * OpenAI's API reference.
 *
 * <p>Each request has a virtual thread. The model arrives later, through a future: until it is
 * there, health and embeddings answer 503.
 */
final class OpenAiServer implements AutoCloseable {
  private static final int MOST_BODY_BYTES = 16 << 20;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String servedModelName;
  private final CompletableFuture<EmbeddingModel> model;

  private OpenAiServer(
      HttpServer server, String servedModelName, CompletableFuture<EmbeddingModel> model) {
    this.server = server;
    this.servedModelName = servedModelName;
    this.model = model;
  }

  /**
   * Listens and answers.
   *
   * @throws IOException when the address cannot be bound
   */
  static OpenAiServer start(
      InetSocketAddress address, String servedModelName, CompletableFuture<EmbeddingModel> model)
      throws IOException {
    OpenAiServer started =
        new OpenAiServer(HttpServer.create(address, 128), servedModelName, model);
    started.server.createContext("/", started::handle);
    started.server.setExecutor(started.threads);
    started.server.start();
    return started;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange, 200, route(exchange));
      } catch (ApiException e) {
        answer(exchange, e.status(), error(e));
      } catch (RuntimeException e) {
        System.err.println("request failed: " + e);
        answer(exchange, 500, internalError());
      }
    }
  }

  private ObjectNode route(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    String allowed =
        switch (path) {
          case "/v1/embeddings" -> "POST";
          case "/v1/models", "/health" -> "GET";
          default -> throw ApiException.unknownPath(method, path);
        };
    if (!method.equals(allowed)) {
      exchange.getResponseHeaders().set("Allow", allowed);
      throw ApiException.wrongMethod(method, path);
    }
    return switch (path) {
      case "/v1/embeddings" -> embeddings(exchange);
      case "/v1/models" -> models();
      default -> {
        loaded();
        yield json.createObjectNode().put("status", "ok");
      }
    };
  }

  private EmbeddingModel loaded() {
    if (!model.isDone() || model.isCompletedExceptionally()) {
      throw ApiException.loading();
    }
    return model.join();
  }

  private ObjectNode embeddings(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
    if (body.length > MOST_BODY_BYTES) {
      throw ApiException.tooLarge(MOST_BODY_BYTES);
    }
    EmbeddingsRequest request = EmbeddingsRequest.parse(json, body);
    if (!request.model().equals(servedModelName)) {
      throw ApiException.unknownModel(request.model());
    }
    EmbeddingModel ready = loaded();
    List<Embedding> embeddings = request.input().stream().map(ready::embed).toList();
    int dimensions = embeddings.getFirst().vector().length;
    if (request.dimensions().orElse(dimensions) != dimensions) {
      throw ApiException.badRequest(
          "This model has " + dimensions + " dimensions and cannot give fewer or more",
          "dimensions");
    }
    ObjectNode answer = json.createObjectNode().put("object", "list");
    ArrayNode data = answer.putArray("data");
    int tokens = 0;
    for (Embedding embedding : embeddings) {
      ObjectNode item = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      if (request.base64()) {
        item.put("embedding", embedding.base64());
      } else {
        ArrayNode values = item.putArray("embedding");
        for (float value : embedding.vector()) {
          values.add(value);
        }
      }
      tokens += embedding.tokens();
    }
    answer.put("model", servedModelName);
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return answer;
  }

  private ObjectNode models() {
    ObjectNode answer = json.createObjectNode().put("object", "list");
    answer
        .putArray("data")
        .addObject()
        .put("id", servedModelName)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "llmaz");
    return answer;
  }

  private ObjectNode error(ApiException e) {
    ObjectNode answer = json.createObjectNode();
    answer
        .putObject("error")
        .put("message", e.getMessage())
        .put("type", e.type())
        .put("param", e.parameter())
        .put("code", e.code());
    return answer;
  }

  private ObjectNode internalError() {
    ObjectNode answer = json.createObjectNode();
    answer
        .putObject("error")
        .put("message", "The server failed; its log says why")
        .put("type", "server_error")
        .putNull("param")
        .putNull("code");
    return answer;
  }

  private void answer(HttpExchange exchange, int status, ObjectNode body) throws IOException {
    byte[] bytes;
    try {
      bytes = json.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is not JSON", e);
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
