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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A gateway to whom every source is the same few files, which counts what it gave of them. */
final class TestingFileGateway implements AutoCloseable {
  private final Map<String, byte[]> files = new TreeMap<>();
  private final AtomicLong given = new AtomicLong();
  private final HttpServer server;
  private final Manifest manifest;

  TestingFileGateway(int... sizes) {
    for (int i = 0; i < sizes.length; i++) {
      byte[] bytes = new byte[sizes[i]];
      new Random(i).nextBytes(bytes);
      files.put("file-" + i, bytes);
    }
    manifest =
        new Manifest(
            "testing://files",
            "0000000",
            files.entrySet().stream()
                .map(file ->
                    ManifestFile.verified(
                        file.getKey(), file.getValue().length, sha256(file.getValue())))
                .toList());
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/resolve", exchange -> answer(exchange, 200, ManifestJson.write(manifest)));
    server.createContext("/v1/tasks", exchange -> answer(exchange, 200, links().getBytes(UTF_8)));
    server.createContext("/v1/blobs/", this::file);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<ManifestFile> files() {
    return manifest.files();
  }

  long size() {
    return manifest.totalSize();
  }

  /** Bytes of content so far; probes of one byte are none. */
  long given() {
    return given.get();
  }

  private String links() {
    return manifest.files().stream()
        .map(file ->
            "\"%s\": \"%s%s?path=%s&sig=signature\""
                .formatted(file.path(), address(), file.blobPath(), file.path()))
        .collect(Collectors.joining(", ", "{\"originBytes\": 0, \"links\": {", "}}"));
  }

  private void file(HttpExchange exchange) throws IOException {
    String place = exchange.getRequestURI().getPath();
    byte[] bytes =
        manifest.files().stream()
            .filter(file -> file.blobPath().equals(place))
            .map(file -> files.get(file.path()))
            .findFirst()
            .orElseThrow();
    String[] ends =
        exchange.getRequestHeaders().getFirst("Range").substring("bytes=".length()).split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int last = Math.min(Integer.parseInt(ends[1]), bytes.length - 1);
    if (last > 0 && String.valueOf(exchange.getRequestURI().getQuery()).endsWith("from=peers")) {
      answer(exchange, 403, new byte[0]);
      return;
    }
    if (last > 0) {
      given.addAndGet(last - first + 1);
    }
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(first, last, bytes.length));
    answer(exchange, 206, java.util.Arrays.copyOfRange(bytes, first, last + 1));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Digest sha256(byte[] bytes) {
    try {
      return Digest.sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
