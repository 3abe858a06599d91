package io.llmaz.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.ByteRange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The source of {@code bench/fanout}, a process of its own: {@code /<bytes>/<name>} is a file of so
 * many bytes, with ranges; {@code /sha256/<bytes>} its digest; {@code /sent} how many bytes of
 * files were given since the last time that was asked.
 */
final class FanoutSource {
  private static final byte[] BLOCK = new byte[1 << 20];

  static {
    new Random(11).nextBytes(BLOCK);
  }

  private final AtomicLong sent = new AtomicLong();

  private FanoutSource() {}

  public static void main(String[] arguments) throws IOException {
    FanoutSource source = new FanoutSource();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", source::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String[] words = exchange.getRequestURI().getPath().split("/");
    try (exchange) {
      switch (words.length < 2 ? "" : words[1]) {
        case "sent" -> text(exchange, Long.toString(sent.getAndSet(0)));
        case "sha256" -> text(exchange, sha256(Long.parseLong(words[2])));
        default -> file(exchange, Long.parseLong(words[1]));
      }
    } catch (NumberFormatException e) {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private void file(HttpExchange exchange, long size) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    Optional<ByteRange> part =
        asked == null ? Optional.of(ByteRange.all(size)) : ByteRange.parse(asked, size);
    if (part.isEmpty()) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    ByteRange range = part.get();
    if (asked != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + range.start() + "-" + (range.end() - 1) + "/" + size);
    }
    exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(range.length()));
      exchange.sendResponseHeaders(asked == null ? 200 : 206, -1);
      return;
    }
    exchange.sendResponseHeaders(asked == null ? 200 : 206, range.length());
    write(exchange.getResponseBody(), range.start(), range.end());
  }

  private void write(OutputStream out, long start, long end) throws IOException {
    for (long at = start; at < end; ) {
      int from = (int) (at % BLOCK.length);
      int count = (int) Math.min(BLOCK.length - from, end - at);
      out.write(block(at / BLOCK.length), from, count);
      sent.addAndGet(count);
      at += count;
    }
  }

  /** No two blocks are the same, so that a piece at the wrong place is noticed. */
  private static byte[] block(long number) {
    byte[] block = BLOCK.clone();
    ByteBuffer.wrap(block).putLong(number);
    return block;
  }

  private static String sha256(long size) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (long at = 0; at < size; at += BLOCK.length) {
        digest.update(block(at / BLOCK.length), 0, (int) Math.min(BLOCK.length, size - at));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void text(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
