package io.llmaz.local.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A source on loopback that counts the content bytes it gave away. One-byte probes are not. */
public final class TestingOrigin implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final AtomicLong contentBytes = new AtomicLong();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile long pauseNanos;
  private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean ranges = true;

  public TestingOrigin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public String put(String path, byte[] content) {
    files.put(path, content);
    return url(path);
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public void fail(String path, int status) {
    failures.put(path, status);
  }

  /** Waits so long before each answer with content. */
  public void pause(long millis) {
    pauseNanos = millis * 1_000_000;
  }

  /** Gives so many ranges of content, and then only 403. */
  public void failAfter(int answers) {
    answersLeft.set(answers);
  }

  public void withoutRanges() {
    ranges = false;
  }

  public long contentBytes() {
    return contentBytes.get();
  }

  public int requests() {
    return requests.get();
  }

  public static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String path = exchange.getRequestURI().getPath();
      byte[] content = files.get(path);
      Integer failure = failures.get(path);
      if (failure != null || content == null) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"test\"");
        exchange.sendResponseHeaders(failure != null ? failure : 404, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", "\"test\"");
      String range = exchange.getRequestHeaders().getFirst("Range");
      if (range == null || !ranges) {
        contentBytes.addAndGet(content.length);
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
        return;
      }
      String[] ends = range.substring("bytes=".length()).split("-", -1);
      int first = Integer.parseInt(ends[0]);
      if (first >= content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      int last = Math.min(Integer.parseInt(ends[1]), content.length - 1);
      boolean probe = range.equals("bytes=0-0");
      if (!probe && answersLeft.getAndDecrement() <= 0) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      if (!probe || content.length == 1) {
        LockSupport.parkNanos(pauseNanos);
        contentBytes.addAndGet(last - first + 1);
      }
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + first + "-" + last + "/" + content.length);
      exchange.sendResponseHeaders(206, last - first + 1);
      exchange.getResponseBody().write(content, first, last - first + 1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
