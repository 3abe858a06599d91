package io.llmaz.scheduler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What people, a kubelet and a Prometheus ask: {@code /healthz}, {@code /readyz}, {@code /metrics},
 * {@code /tasks} and {@code /tasks/<id>}. The last two are text, and JSON for who accepts it.
 */
final class StatusServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  private final SchedulerServer scheduler;
  private final Supplier<String> scrape;

  private StatusServer(HttpServer http, SchedulerServer scheduler, Supplier<String> scrape) {
    this.http = http;
    this.scheduler = scheduler;
    this.scrape = scrape;
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  /**
   * Listens.
   *
   * @throws UncheckedIOException when the address is in use or not ours; the message names it
   */
  static StatusServer start(
      InetSocketAddress listen, SchedulerServer scheduler, Supplier<String> scrape) {
    try {
      return new StatusServer(HttpServer.create(listen, 0), scheduler, scrape);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at " + listen + ": " + e.getMessage(), e);
    }
  }

  int port() {
    return http.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      boolean json =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
              .filter(accepted -> accepted.contains("application/json"))
              .isPresent();
      if (!exchange.getRequestMethod().equals("GET")) {
        answer(exchange, 405, TEXT, "only GET\n");
      } else if (path.equals("/healthz")) {
        answer(exchange, 200, TEXT, "ok\n");
      } else if (path.equals("/readyz")) {
        boolean serving = scheduler.serving();
        answer(exchange, serving ? 200 : 503, TEXT, serving ? "ok\n" : "stopping\n");
      } else if (path.equals("/metrics")) {
        answer(exchange, 200, TEXT, scrape.get());
      } else if (path.equals("/tasks")) {
        tasks(exchange, json);
      } else if (path.startsWith("/tasks/")) {
        task(exchange, path.substring("/tasks/".length()), json);
      } else {
        answer(exchange, 404, TEXT, "there are /tasks, /tasks/<id>, /metrics, /healthz, /readyz\n");
      }
    }
  }

  private void tasks(HttpExchange exchange, boolean json) throws IOException {
    if (json) {
      answer(exchange, 200, "application/json", JSON.writeValueAsString(scheduler.taskIds()));
    } else {
      answer(exchange, 200, TEXT, String.join("\n", scheduler.taskIds()) + "\n");
    }
  }

  private void task(HttpExchange exchange, String id, boolean json) throws IOException {
    Optional<TaskTree> tree = scheduler.taskTree(id);
    if (tree.isEmpty()) {
      answer(exchange, 404, TEXT, "no task " + id + "; /tasks lists them\n");
    } else if (json) {
      answer(exchange, 200, "application/json", tree.get().json().toString());
    } else {
      answer(exchange, 200, TEXT, tree.get().text());
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdown();
  }
}
