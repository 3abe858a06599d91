package io.llmaz.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.ByteRange;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A hub of one repository, {@code b/b}: large files, which it redirects to another host, and a few
 * small ones, which it gives itself. All bytes come from one block in memory.
 */
final class BenchHub implements AutoCloseable {
  private static final byte[] BLOCK = new byte[1 << 20];
  private static final String COMMIT = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
  private static final int SMALL = 2_000;

  static {
    new Random(7).nextBytes(BLOCK);
  }

  private final Map<String, Long> sizes = new LinkedHashMap<>();
  private final HttpServer hub = server("127.0.0.1");
  private final HttpServer store = server("127.0.0.2");
  private final AtomicLong firstRequest = new AtomicLong();

  BenchHub(int largeFiles, long largeSize, int smallFiles) throws IOException {
    for (int i = 0; i < largeFiles; i++) {
      sizes.put("model-%05d-of-%05d.safetensors".formatted(i + 1, largeFiles), largeSize);
    }
    for (int i = 0; i < smallFiles; i++) {
      sizes.put("config-" + i + ".json", (long) SMALL);
    }
    String large = digest(largeSize, Digest.Algorithm.SHA256);
    String small = digest(SMALL, Digest.Algorithm.GIT_SHA1);
    StringBuilder tree = new StringBuilder();
    StringBuilder siblings = new StringBuilder();
    sizes.forEach((name, size) -> {
      tree.append(tree.isEmpty() ? "[" : ",")
          .append("{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,".formatted(name, size))
          .append(
              size == SMALL
                  ? "\"oid\":\"%s\"}".formatted(small)
                  : "\"oid\":\"%s\",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":134}}"
                      .formatted("0".repeat(40), large, size));
      siblings.append(siblings.isEmpty() ? "" : ",").append("{\"rfilename\":\"" + name + "\"}");
    });
    String info =
        "{\"id\":\"b/b\",\"sha\":\"%s\",\"private\":false,\"siblings\":[%s]}"
            .formatted(COMMIT, siblings);
    hub.createContext("/api/models/b/b", exchange -> text(exchange, info));
    hub.createContext("/api/models/b/b/tree/", exchange -> text(exchange, tree + "]"));
    hub.createContext("/b/b/resolve/", this::resolve);
    store.createContext("/", this::content);
    hub.start();
    store.start();
  }

  private static HttpServer server(String host) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(host, 0), 0);
      server.setExecutor(Executors.newCachedThreadPool());
      return server;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String digest(long size, Digest.Algorithm algorithm) {
    ContentHasher hasher = ContentHasher.of(algorithm, size);
    for (long at = 0; at < size; at += BLOCK.length) {
      hasher.update(BLOCK, 0, (int) Math.min(BLOCK.length, size - at));
    }
    return hasher.digest().hex();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  Map<String, Long> sizes() {
    return sizes;
  }

  /** Where the large file of this number is stored, without a redirect. */
  URI stored(int number) {
    String name = sizes.keySet().stream().toList().get(number);
    return URI.create("http://127.0.0.2:" + store.getAddress().getPort() + "/" + name);
  }

  URI raw(String name) {
    return address().resolve("/b/b/resolve/" + COMMIT + "/" + name);
  }

  /** When the first request since the last call came, by {@link System#nanoTime}. */
  long takeFirstRequest() {
    return firstRequest.getAndSet(0);
  }

  private void text(HttpExchange exchange, String text) throws IOException {
    firstRequest.compareAndSet(0, System.nanoTime());
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void resolve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    long size = sizes.getOrDefault(name, 0L);
    var headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    if (size == SMALL) {
      headers.set("ETag", "\"" + digest(size, Digest.Algorithm.GIT_SHA1) + "\"");
      content(exchange);
      return;
    }
    try (exchange) {
      headers.set("X-Linked-Size", Long.toString(size));
      headers.set("X-Linked-ETag", "\"" + name + "\"");
      headers.set("Location", "http://127.0.0.2:" + store.getAddress().getPort() + "/" + name);
      exchange.sendResponseHeaders(302, -1);
    }
  }

  private void content(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      long size = sizes.getOrDefault(path.substring(path.lastIndexOf('/') + 1), 0L);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      String header = exchange.getRequestHeaders().getFirst("Range");
      ByteRange range =
          header == null ? ByteRange.all(size) : ByteRange.parse(header, size).orElseThrow();
      if (header != null) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + range.start() + "-" + (range.end() - 1) + "/" + size);
      }
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(range.length()));
      }
      exchange.sendResponseHeaders(header == null ? 200 : 206, head ? -1 : range.length());
      if (!head) {
        write(exchange.getResponseBody(), range);
      }
    }
  }

  private static void write(OutputStream out, ByteRange range) throws IOException {
    for (long at = range.start(); at < range.end(); ) {
      int from = (int) (at % BLOCK.length);
      int count = (int) Math.min(BLOCK.length - from, range.end() - at);
      out.write(BLOCK, from, count);
      at += count;
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
  }
}
