package io.llmaz.loader;

import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.BundleWriter;
import io.llmaz.source.ByteRange;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.ManifestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** One server that plays hub, gateway and dfdaemon proxy; what each gives can be spoilt. */
final class TestingHub implements AutoCloseable {
  final Map<String, byte[]> files = new TreeMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> askedOfTheSource = new CopyOnWriteArrayList<>();

  /** What loaders reported to the gateway. */
  final List<String> reports = new CopyOnWriteArrayList<>();

  /**
   * By player ({@code hub}, {@code gateway}, {@code dfdaemon}, {@code bundle}): status, or bytes.
   */
  final Map<String, Integer> status = new ConcurrentHashMap<>();

  final Map<String, Boolean> wrongBytes = new ConcurrentHashMap<>();

  /** How many bytes of an answer are given before the rest waits for {@link #goOn}. */
  volatile int most = Integer.MAX_VALUE;

  /** Status of every answer for content; 0: as it should be. */
  volatile int contentStatus;

  /** Added to every answer for content. */
  final Map<String, String> contentHeaders = new ConcurrentHashMap<>();

  /** How many answers for content end in their middle. */
  final AtomicInteger truncated = new AtomicInteger();

  /** Added to the size that answers for content claim. */
  volatile int sizeLie;

  /** Whether the gateway gives bundles. */
  volatile boolean bundles = true;

  /** By which the daemon was asked. */
  final Set<String> taskKeys = ConcurrentHashMap.newKeySet();

  final CountDownLatch goOn = new CountDownLatch(1);
  private final HttpServer server;

  TestingHub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String player =
          exchange.getRequestHeaders().containsKey("X-Dragonfly-Use-P2P")
              ? "dfdaemon"
              : path.startsWith("/v1") ? "gateway" : "hub";
      if (String.valueOf(exchange.getRequestURI().getQuery()).endsWith("&from=source")) {
        askedOfTheSource.add(player + " " + path);
      }
      String range = exchange.getRequestHeaders().getFirst("Range");
      asked.add(player + " " + path + (range == null ? "" : " " + range));
      String key =
          exchange.getRequestHeaders().getFirst("X-Dragonfly-Content-For-Calculating-Task-ID");
      if (key != null) {
        taskKeys.add(key);
      }
      if (status.containsKey(player)) {
        exchange.sendResponseHeaders(status.get(player), -1);
      } else if (path.endsWith("/reports")) {
        reports.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(201, -1);
      } else if (path.endsWith("/manifest")) {
        json(exchange, gatewayManifest());
      } else if (path.endsWith("/bundle")) {
        bundle(exchange);
      } else if (path.contains("/revision/")) {
        json(exchange, "{\"sha\":\"c0ffee\"}");
      } else if (path.endsWith("/repo/files")) {
        json(exchange, modelScopeFiles());
      } else if (path.contains("/tree/")) {
        json(exchange, tree());
      } else {
        content(
            exchange,
            path.replace("/models/f/f/resolve/master/", "")
                .replace("/f/f/resolve/c0ffee/", "")
                .replace("/v1/blobs/f/", ""),
            player);
      }
    }
  }

  private void content(HttpExchange exchange, String name, String player) throws IOException {
    contentHeaders.forEach(exchange.getResponseHeaders()::set);
    if (contentStatus != 0) {
      exchange.sendResponseHeaders(contentStatus, -1);
      return;
    }
    byte[] bytes = files.getOrDefault(name, new byte[0]).clone();
    if (wrongBytes.getOrDefault(player, false) && bytes.length > 0) {
      bytes[0] ^= 1;
    }
    String asked = exchange.getRequestHeaders().getFirst("Range");
    ByteRange range =
        asked == null
            ? ByteRange.all(bytes.length)
            : ByteRange.parse(asked, bytes.length).orElseThrow();
    if (asked != null) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes " + range.start() + "-" + (range.end() - 1) + "/" + (bytes.length + sizeLie));
    }
    exchange.sendResponseHeaders(asked == null ? 200 : 206, range.length());
    if (range.length() > 1 && truncated.getAndDecrement() > 0) {
      exchange.getResponseBody().write(bytes, (int) range.start(), (int) range.length() / 2);
      return;
    }
    int now = (int) Math.min(range.length(), most);
    exchange.getResponseBody().write(bytes, (int) range.start(), now);
    if (now < range.length()) {
      exchange.getResponseBody().flush();
      awaitGoOn();
      exchange
          .getResponseBody()
          .write(bytes, (int) range.start() + now, (int) range.length() - now);
    }
  }

  private void bundle(HttpExchange exchange) throws IOException {
    if (!bundles) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    List<ManifestFile> small =
        manifest().files().stream().filter(file -> file.size() <= 1 << 20).toList();
    exchange.sendResponseHeaders(200, BundleWriter.length(small));
    BundleWriter writer = new BundleWriter(exchange.getResponseBody());
    for (ManifestFile file : small) {
      byte[] bytes = files.getOrDefault(file.path(), new byte[0]).clone();
      if (wrongBytes.getOrDefault("bundle", false) && file.path().endsWith("7")) {
        bytes[0] ^= 1;
      }
      if (status.containsKey("bundle") && file.path().endsWith("199")) {
        exchange.getResponseBody().flush();
        return; // Fewer bytes than were promised.
      }
      writer.add(file.path(), bytes);
    }
    writer.end();
  }

  private void awaitGoOn() throws IOException {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private String gatewayManifest() {
    StringBuilder links = new StringBuilder();
    files
        .keySet()
        .forEach(name ->
            links
                .append(links.isEmpty() ? "" : ",")
                .append("\"" + name + "\":\"" + uri() + "/v1/blobs/f/" + name + "?sig=s\""));
    return "{\"manifest\":"
        + new String(ManifestJson.write(manifest()), StandardCharsets.UTF_8)
        + ",\"links\":{"
        + links
        + "}}";
  }

  Manifest manifest() {
    return new Manifest(
        "hf://f/f",
        "c0ffee",
        files.entrySet().stream()
            .map(e -> ManifestFile.verified(e.getKey(), e.getValue().length, sha256(e.getValue())))
            .toList());
  }

  private String tree() {
    StringBuilder tree = new StringBuilder();
    files.forEach((name, bytes) ->
        tree.append(tree.isEmpty() ? "" : ",")
            .append(
                "{\"type\":\"file\",\"path\":%s,\"size\":%d,\"oid\":\"%s\",\"lfs\":{\"oid\":\"%s\",\"size\":%d}}"
                    .formatted(
                        TextNode.valueOf(name),
                        bytes.length,
                        "0".repeat(40),
                        sha256(bytes).hex(),
                        bytes.length)));
    return "[" + tree + "]";
  }

  private String modelScopeFiles() {
    StringBuilder all = new StringBuilder();
    files.forEach((name, bytes) ->
        all.append(all.isEmpty() ? "" : ",")
            .append(
                "{\"Type\":\"blob\",\"Path\":%s,\"Size\":%d,\"Sha256\":\"%s\"}"
                    .formatted(TextNode.valueOf(name), bytes.length, sha256(bytes).hex())));
    return "{\"Code\":200,\"Data\":{\"Files\":[" + all + "]}}";
  }

  static Digest sha256(byte[] bytes) {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, bytes.length);
    hasher.update(bytes, 0, bytes.length);
    return hasher.digest();
  }

  private static void json(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    goOn.countDown();
    server.stop(0);
  }
}
