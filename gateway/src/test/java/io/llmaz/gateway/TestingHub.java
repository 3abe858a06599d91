package io.llmaz.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hub that gives who has its token ranges of {@code large}, {@code slow} (as large, and not given
 * before {@link #releaseSlow}) and {@code small}.
 */
final class TestingHub implements AutoCloseable {
  static final byte[] LARGE = TestingContent.random(6 << 20);
  static final byte[] SMALL = TestingContent.random(1000);
  static final String TOKEN = "hub-token-that-nobody-may-see";

  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch slowReleased = new CountDownLatch(1);
  private final HttpServer server;
  private volatile byte[] large = LARGE;

  TestingHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::give);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int requests() {
    return requests.get();
  }

  /** What {@code large} is from now on. */
  void gives(byte[] content) {
    large = content;
  }

  void releaseSlow() {
    slowReleased.countDown();
  }

  private void give(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      String path = exchange.getRequestURI().getPath();
      byte[] content = path.endsWith("small") ? SMALL : large;
      if (path.endsWith("slow")) {
        await(slowReleased);
      }
      String range = exchange.getRequestHeaders().getFirst("Range").substring("bytes=".length());
      int from = Integer.parseInt(range.split("-")[0]);
      int length = Integer.parseInt(range.split("-")[1]) - from + 1;
      exchange.getResponseHeaders().set("Content-Range", "bytes " + range + "/" + content.length);
      exchange.sendResponseHeaders(206, length);
      exchange.getResponseBody().write(content, from, length);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
