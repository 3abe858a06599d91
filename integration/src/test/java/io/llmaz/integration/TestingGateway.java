package io.llmaz.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.ManifestJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A gateway to whom every source is one empty file: tasks are done for real, with their manifests,
 * and no engine is needed.
 */
final class TestingGateway implements AutoCloseable {
  private static final String NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final byte[] MANIFEST =
      ManifestJson.write(
          new Manifest(
              "testing://everything",
              "0000000",
              List.of(ManifestFile.verified("empty", 0, Digest.sha256(NOTHING)))));

  private final HttpServer server;

  TestingGateway() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/resolve", exchange -> answer(exchange, MANIFEST));
    server.createContext(
        "/v1/tasks",
        exchange -> answer(exchange, "{\"links\": {}, \"originBytes\": 0}".getBytes(UTF_8)));
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
