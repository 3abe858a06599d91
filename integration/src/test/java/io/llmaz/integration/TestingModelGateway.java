package io.llmaz.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.ByteRange;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.ManifestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway with one model of one file, which it gives to whoever asks. */
final class TestingModelGateway implements AutoCloseable {
  private final HttpServer server;
  private final AtomicLong given = new AtomicLong();
  private volatile String name = "";
  private volatile byte[] content = new byte[0];

  TestingModelGateway() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/tasks/", this::manifest);
    server.createContext("/v1/blobs/", this::blob);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on this is the model. */
  void put(String file, byte[] bytes) {
    name = file;
    content = bytes;
  }

  /** Content bytes that were given. */
  long bytes() {
    return given.get();
  }

  private void manifest(HttpExchange exchange) throws IOException {
    Manifest manifest =
        new Manifest(
            "testing://f/f",
            "c0ffee",
            List.of(
                ManifestFile.verified(
                    name, content.length, Digest.sha256(LinkedLoadContract.sha256(content)))));
    String answer =
        "{\"manifest\": %s, \"links\": {\"%s\": \"%s/v1/blobs/%s\"}}"
            .formatted(new String(ManifestJson.write(manifest), UTF_8), name, address(), name);
    try (exchange) {
      byte[] bytes = answer.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void blob(HttpExchange exchange) throws IOException {
    byte[] bytes = content;
    String header = exchange.getRequestHeaders().getFirst("Range");
    ByteRange range =
        header == null
            ? ByteRange.all(bytes.length)
            : ByteRange.parse(header, bytes.length).orElseThrow();
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      var headers = exchange.getResponseHeaders();
      headers.set("Accept-Ranges", "bytes");
      if (header != null) {
        headers.set(
            "Content-Range",
            "bytes " + range.start() + "-" + (range.end() - 1) + "/" + bytes.length);
      }
      if (head) {
        headers.set("Content-Length", Long.toString(range.length()));
      }
      exchange.sendResponseHeaders(header == null ? 200 : 206, head ? -1 : range.length());
      if (!head) {
        exchange.getResponseBody().write(bytes, (int) range.start(), (int) range.length());
        given.addAndGet(range.length());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
