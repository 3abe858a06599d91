package io.llmaz.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.llmaz.source.ByteRange;
import io.llmaz.source.BytesFrom;
import io.llmaz.source.ManifestFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET} and {@code HEAD} of a signed link.
 *
 * <p>What Dragonfly asks to learn a size, {@code Range: bytes=0-0}, is answered from the manifest
 * without reading the source; the one byte of that answer has no meaning (a daemon drops it),
 * except for a file of one byte.
 *
 * <p>Whoever uses a link may narrow it ({@link BytesFrom}).
 */
final class BlobHandler {
  private static final String SIZE_PROBE = "bytes=0-0";

  private final TaskStore tasks;
  private final LinkSigner links;
  private final BlobReader blobs;
  private final Replicas replicas;

  BlobHandler(TaskStore tasks, LinkSigner links, BlobReader blobs, Replicas replicas) {
    this.replicas = replicas;
    this.tasks = tasks;
    this.links = links;
    this.blobs = blobs;
  }

  void handle(HttpExchange exchange, Map<String, String> query) throws IOException {
    String taskName = query.getOrDefault("task", "");
    String path = query.getOrDefault("path", "");
    links.check(taskName, path, query.getOrDefault("exp", ""), query.getOrDefault("sig", ""));
    GatewayTask task =
        tasks.find(taskName).orElseThrow(() -> GatewayException.notFound("task " + taskName));
    ManifestFile file = task.file(path);
    if (!exchange.getRequestURI().getPath().equals(LinkSigner.place(task, file))) {
      // Dragonfly takes a task id from the address: it must be that of these bytes.
      throw GatewayException.forbidden("not a link of this gateway");
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Accept-Ranges", "bytes");
    headers.set("Content-Type", "application/octet-stream");
    headers.set("ETag", "\"" + (file.digest() != null ? file.digest() : file.contentKey()) + "\"");

    String rangeHeader = exchange.getRequestHeaders().getFirst("Range");
    Optional<ByteRange> wanted =
        rangeHeader == null
            ? Optional.of(ByteRange.all(file.size()))
            : ByteRange.parse(rangeHeader, file.size());
    if (wanted.isEmpty()) {
      headers.set("Content-Range", "bytes */" + file.size());
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    ByteRange range = wanted.get();
    Optional<BytesFrom> from = BytesFrom.of(query.get(BytesFrom.PARAMETER));
    int status = rangeHeader == null ? 200 : 206;
    if (status == 206) {
      headers.set(
          "Content-Range", "bytes " + range.start() + "-" + (range.end() - 1) + "/" + file.size());
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Long.toString(range.length()));
      exchange.sendResponseHeaders(status, -1);
    } else if (SIZE_PROBE.equals(rangeHeader) && file.size() > 1) {
      exchange.sendResponseHeaders(206, 1);
      exchange.getResponseBody().write(0);
    } else if (range.length() == 0) {
      exchange.sendResponseHeaders(status, -1);
    } else if (from.equals(Optional.of(BytesFrom.PEERS))) {
      throw GatewayException.forbidden("only peers may give " + path);
    } else {
      give(exchange, status, task, file, range, from, query.containsKey(Replicas.SENT));
    }
  }

  /**
   * Serves a range, or sends its reader to the replica that reads the file.
   *
   * @param sent whether another replica sent the reader here
   */
  private void give(
      HttpExchange exchange,
      int status,
      GatewayTask task,
      ManifestFile file,
      ByteRange range,
      Optional<BytesFrom> from,
      boolean sent)
      throws IOException {
    InetAddress reader = exchange.getRemoteAddress().getAddress();
    if (sent) {
      // Served, as replicas may differ for a moment in who they are; its links are another's.
      blobs.expect(task, reader);
    } else if (BlobReader.isLarge(file)) {
      Optional<InetSocketAddress> other = replicas.other(file.contentKey());
      if (other.isPresent()) {
        Headers headers = exchange.getResponseHeaders();
        headers.remove("Content-Range");
        // Not 307, which Dragonfly's daemons remember: a replica may be gone when it is used.
        headers.set("Location", Replicas.at(other.get(), exchange.getRequestURI()));
        exchange.sendResponseHeaders(302, -1);
        return;
      }
    }
    try (BlobReader.Body body = blobs.open(task, file, range, reader, from)) {
      exchange.sendResponseHeaders(status, range.length());
      try (OutputStream out = exchange.getResponseBody()) {
        body.copyTo(out);
      }
    }
  }
}
