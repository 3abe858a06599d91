package io.llmaz.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An origin on loopback that answers as a test says. It listens on its own address, 127.0.0.x. */
final class TestingOrigin implements AutoCloseable {

  /** How one request is answered. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** What was asked: method, path with query, Authorization or "-". */
  record Asked(String path, String authorization, String range) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final String host;

  TestingOrigin(String host, Answer answer) {
    this.host = host;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              new Asked(
                  exchange.getRequestURI().toString(),
                  header(exchange, "Authorization"),
                  header(exchange, "Range")));
          try (exchange) {
            answer.to(exchange);
          }
        });
    server.start();
  }

  URI uri() {
    return URI.create("http://" + host + ":" + server.getAddress().getPort());
  }

  static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "-" : value;
  }

  /** Serves content as a good server does: 200, or 206 for a range. */
  static void serve(HttpExchange exchange, byte[] content) throws IOException {
    String range = header(exchange, "Range");
    if (range.equals("-")) {
      exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
      return;
    }
    ByteRange wanted = ByteRange.parse(range, content.length).orElseThrow();
    exchange
        .getResponseHeaders()
        .set(
            "Content-Range",
            "bytes " + wanted.start() + "-" + (wanted.end() - 1) + "/" + content.length);
    exchange.sendResponseHeaders(206, wanted.length());
    exchange.getResponseBody().write(content, (int) wanted.start(), (int) wanted.length());
  }

  static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  /** HTTP with retries that do not wait and streams that stall after a moment. */
  static OriginHttp http() {
    return new OriginHttp(
        new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(60)),
        InstantSource.system(),
        new Random(1),
        pause -> {},
        Duration.ofMillis(200),
        java.util.Optional.empty(),
        "test");
  }

  static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
