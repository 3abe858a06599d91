package io.llmaz.cli.dfget;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.ByteRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Gives one file at any address but {@code /missing}, with ranges. */
final class TestingOrigin implements AutoCloseable {
  final List<String> asked = new CopyOnWriteArrayList<>();
  private final byte[] content;
  private final HttpServer server;

  TestingOrigin(byte[] content) throws IOException {
    this.content = content;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String header = exchange.getRequestHeaders().getFirst("Range");
      asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("X-Mine"));
      if (exchange.getRequestURI().getPath().equals("/missing")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      ByteRange range =
          header == null
              ? ByteRange.all(content.length)
              : ByteRange.parse(header, content.length).orElseThrow();
      var headers = exchange.getResponseHeaders();
      headers.set("Accept-Ranges", "bytes");
      if (header != null) {
        headers.set(
            "Content-Range",
            "bytes " + range.start() + "-" + (range.end() - 1) + "/" + content.length);
      }
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        headers.set("Content-Length", Long.toString(range.length()));
      }
      exchange.sendResponseHeaders(header == null ? 200 : 206, head ? -1 : range.length());
      if (!head) {
        exchange.getResponseBody().write(content, (int) range.start(), (int) range.length());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
