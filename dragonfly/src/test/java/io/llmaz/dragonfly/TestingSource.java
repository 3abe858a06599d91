package io.llmaz.dragonfly;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP source with ranges that counts the content it sends and can hold it back. */
public final class TestingSource implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  /** Longer than Dragonfly's manager takes to look at a job. */
  private static final int PATIENCE_SECONDS = 120;

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final AtomicInteger free = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Starts on a free port of loopback. */
  public TestingSource() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Publishes random bytes. */
  public URI publish(String name, int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    files.put("/" + name, content);
    return address(name);
  }

  /** Takes a file away. */
  public void remove(String name) {
    files.remove("/" + name);
  }

  /** Answers a file's requests with this status. */
  public URI refuse(String name, int status) {
    refused.put("/" + name, status);
    return address(name);
  }

  /** Where a file is or would be. */
  public URI address(String name) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
  }

  /** The bytes of a file; empty when there is none. */
  public byte[] content(String name) {
    return files.getOrDefault("/" + name, new byte[0]);
  }

  /** Content bytes sent, without probes of one byte. */
  public long sent() {
    return sent.get();
  }

  /** Probes are answered, content waits. */
  public void hold() {
    holdAfter(0);
  }

  /** The next requests for content are answered, so many; then content waits. */
  public void holdAfter(int requests) {
    free.set(requests);
    gate = new CountDownLatch(1);
  }

  /** Lets content go again. */
  public void release() {
    gate.countDown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] content = files.get(exchange.getRequestURI().getPath());
      if (content == null) {
        exchange.sendResponseHeaders(
            refused.getOrDefault(exchange.getRequestURI().getPath(), 404), -1);
        return;
      }
      exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
      String wanted = exchange.getRequestHeaders().getFirst("Range");
      Matcher range = RANGE.matcher(wanted == null ? "" : wanted);
      boolean partial = range.matches() && content.length > 0;
      int first = partial ? Integer.parseInt(range.group(1)) : 0;
      int last =
          partial
              ? Math.min(Integer.parseInt(range.group(2)), content.length - 1)
              : content.length - 1;
      int length = last - first + 1;
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      boolean probe = partial && length == 1 && first == 0;
      if (!probe) {
        if (free.getAndDecrement() <= 0) {
          var _ = gate.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        sent.addAndGet(length);
      }
      if (partial) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes %d-%d/%d".formatted(first, last, content.length));
      }
      exchange.sendResponseHeaders(partial ? 206 : 200, length == 0 ? -1 : length);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(content, first, length);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
