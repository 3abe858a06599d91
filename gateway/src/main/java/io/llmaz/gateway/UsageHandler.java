package io.llmaz.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/tasks/<task>/usage}: what a task cost its source, through all replicas. Those that
 * do not answer at once are left out.
 */
final class UsageHandler {
  private static final Logger log = LoggerFactory.getLogger(UsageHandler.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_MILLIS = 2000;

  private final Usages usages;
  private final Replicas replicas;

  UsageHandler(Usages usages, Replicas replicas) {
    this.usages = usages;
    this.replicas = replicas;
  }

  /** Answers; the caller was checked. */
  void handle(HttpExchange exchange, String task, Map<String, String> query) throws IOException {
    TaskUsage usage = usages.of(task);
    long bytes = usage.originBytes();
    long requests = usage.originRequests();
    if (!query.containsKey(Replicas.SENT)) {
      for (InetSocketAddress replica : replicas.others()) {
        JsonNode theirs = ask(replica, exchange);
        bytes += theirs.path("originBytes").asLong();
        requests += theirs.path("originRequests").asLong();
      }
    }
    Endpoints.answer(
        exchange, JSON.writeValueAsBytes(Map.of("originBytes", bytes, "originRequests", requests)));
  }

  /** As whoever asked here. */
  private static JsonNode ask(InetSocketAddress replica, HttpExchange asked) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(Replicas.at(replica, asked.getRequestURI())).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setRequestProperty(
          "Authorization", asked.getRequestHeaders().getFirst("Authorization"));
      return JSON.readTree(connection.getInputStream());
    } catch (IOException e) {
      log.info("replica {} does not say what a task cost: {}", replica, e.toString());
      return JSON.createObjectNode();
    }
  }
}
