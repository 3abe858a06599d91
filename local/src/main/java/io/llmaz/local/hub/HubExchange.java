package io.llmaz.local.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request and its answer: every body byte goes through here, limited, counted and spoilt. */
final class HubExchange {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HubRequest.Part part;
  private final HttpExchange http;
  private final EgressLimit limit;
  private final HubLog log;
  private final Optional<Fault> fault;
  private int status;
  private long sent;
  private boolean counted = true;

  private HubExchange(
      HubRequest.Part part,
      HttpExchange http,
      EgressLimit limit,
      HubLog log,
      Optional<Fault> fault) {
    this.part = part;
    this.http = http;
    this.limit = limit;
    this.log = log;
    this.fault = fault;
  }

  /** Answers a request. */
  interface Handler {
    void handle(HubExchange exchange) throws IOException;
  }

  /** What the servers of one hub share. */
  record Link(EgressLimit limit, HubLog log, FaultPlan faults, InstantSource clock) {

    void handle(HubRequest.Part part, HttpExchange http, Handler handler) throws IOException {
      HubExchange exchange =
          new HubExchange(part, http, limit, log, faults.take(http.getRequestURI().getPath()));
      try (http) {
        exchange.handle(handler);
      } finally {
        log.add(
            new HubRequest(
                clock.instant(),
                part,
                http.getRequestMethod(),
                http.getRequestURI().getPath(),
                exchange.status,
                exchange.sent,
                Optional.ofNullable(exchange.requestHeader("User-Agent")).orElse(""),
                exchange.requestHeader("Authorization") != null));
      }
    }
  }

  private void handle(Handler handler) throws IOException {
    switch (fault.orElse(null)) {
      case Fault.Status error -> {
        error.headers().forEach(this::header);
        text(error.status(), "a fault was asked for");
        return;
      }
      case Fault.Delay(var delay) -> {
        try {
          Thread.sleep(delay);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      case null, default -> {}
    }
    if (method().equals("GET") || method().equals("HEAD")) {
      handler.handle(this);
    } else {
      header("Allow", "GET, HEAD");
      text(405, "Method Not Allowed");
    }
  }

  String method() {
    return http.getRequestMethod();
  }

  /** The path as it came, with its percent signs. */
  String rawPath() {
    return http.getRequestURI().getRawPath();
  }

  @Nullable String rawQuery() {
    return http.getRequestURI().getRawQuery();
  }

  @Nullable String requestHeader(String name) {
    return http.getRequestHeaders().getFirst(name);
  }

  void header(String name, String value) {
    http.getResponseHeaders().set(name, value);
  }

  /** What the fault of this request, if any, adds to a size that is told. */
  long told(long size) {
    return fault.orElse(null) instanceof Fault.WrongSize(long difference)
        ? size + difference
        : size;
  }

  void json(int answer, Object body) throws IOException {
    header("Content-Type", "application/json; charset=utf-8");
    try {
      bytes(answer, JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that is not JSON", e);
    }
  }

  void text(int answer, String body) throws IOException {
    header("Content-Type", "text/plain; charset=utf-8");
    bytes(answer, body.getBytes(StandardCharsets.UTF_8));
  }

  void empty(int answer) throws IOException {
    bytes(answer, new byte[0]);
  }

  private void bytes(int answer, byte[] body) throws IOException {
    start(answer, body.length);
    if (!method().equals("HEAD") && body.length > 0) {
      http.getResponseBody().write(body);
      sent += body.length;
    }
  }

  private void start(int answer, long length) throws IOException {
    status = answer;
    if (method().equals("HEAD")) {
      header("Content-Length", Long.toString(length));
      http.sendResponseHeaders(answer, -1);
    } else {
      http.sendResponseHeaders(answer, length == 0 ? -1 : length);
    }
  }

  /** Answers with a document of the API's own, which is not counted as content. */
  void document(Content document) throws IOException {
    counted = false;
    content(document);
  }

  /** Answers with a content or the range of it that was asked for. */
  void content(Content content) throws IOException {
    header("Accept-Ranges", "bytes");
    ByteRange range;
    try {
      Optional<ByteRange> asked = ByteRange.parse(requestHeader("Range"), content.size());
      range = asked.orElse(new ByteRange(0, content.size()));
      if (asked.isPresent()) {
        header(
            "Content-Range",
            "bytes " + range.start() + "-" + (range.end() - 1) + "/" + content.size());
      }
      start(asked.isPresent() ? 206 : 200, range.length());
    } catch (ByteRange.Unsatisfiable e) {
      header("Content-Range", "bytes */" + content.size());
      empty(416);
      return;
    }
    if (!method().equals("HEAD")) {
      send(content, range);
    }
  }

  private void send(Content content, ByteRange range) throws IOException {
    long end =
        fault.orElse(null) instanceof Fault.Truncation(long afterBytes)
            ? Math.min(range.end(), range.start() + afterBytes)
            : range.end();
    long at = range.start();
    // Not closed before the exchange is: closing early would be an error where bytes are missing.
    OutputStream out = http.getResponseBody();
    try (InputStream in = Files.newInputStream(content.file())) {
      in.skipNBytes(range.start());
      byte[] chunk = new byte[EgressLimit.CHUNK_BYTES];
      boolean flip = fault.orElse(null) instanceof Fault.WrongBytes;
      while (at < end) {
        int read = in.read(chunk, 0, (int) Math.min(chunk.length, end - at));
        if (read < 0) {
          throw new IOException("shorter than it was: " + content.file());
        }
        if (flip) {
          chunk[0] = (byte) ~chunk[0];
          flip = false;
        }
        limit.await(read);
        out.write(chunk, 0, read);
        at += read;
      }
      out.flush();
    } finally {
      sent += at - range.start();
      // A daemon learns a size by asking for the first byte: a request, but nothing of the content.
      boolean probe = range.start() == 0 && range.length() == 1 && content.size() > 1;
      if (counted && !probe) {
        log.addContent(part, content.sha256(), range.start(), at);
      }
    }
  }
}
