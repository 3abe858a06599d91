package io.llmaz.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.operator.config.OperatorConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a kubelet and a Prometheus ask: {@code /healthz} while the process answers at all, {@code
 * /readyz} while every cache follows its API, {@code /metrics} in Prometheus' text format.
 */
final class ProbeServer implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer health;
  private final HttpServer metrics;

  private ProbeServer(OperatorConfig config, BooleanSupplier ready, Supplier<String> scrape)
      throws IOException {
    health = listen(config.bindAddress(), config.healthPort());
    health.createContext("/healthz", exchange -> answer(exchange, 200, "ok\n"));
    health.createContext(
        "/readyz",
        exchange -> {
          boolean now = ready.getAsBoolean();
          answer(exchange, now ? 200 : 503, now ? "ok\n" : "a cache does not follow its API\n");
        });
    metrics = listen(config.bindAddress(), config.metricsPort());
    metrics.createContext("/metrics", exchange -> answer(exchange, 200, scrape.get()));
    health.start();
    metrics.start();
  }

  /**
   * Listens.
   *
   * @throws IOException when a port is taken; the message names it
   */
  static ProbeServer start(OperatorConfig config, BooleanSupplier ready, Supplier<String> scrape)
      throws IOException {
    return new ProbeServer(config, ready, scrape);
  }

  int healthPort() {
    return health.getAddress().getPort();
  }

  int metricsPort() {
    return metrics.getAddress().getPort();
  }

  private HttpServer listen(String address, int port) throws IOException {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
      server.setExecutor(threads);
      return server;
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + ":" + port + ": " + e.getMessage(), e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    health.stop(0);
    metrics.stop(0);
    threads.shutdown();
  }
}
