package io.llmaz.loader.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.source.ByteRange;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;

/**
 * Direct mode, one machine: a GiB in four files (or {@code -Dbench.files}) from a hub on loopback
 * into a folder of shared memory, every sha256 checked, against curl of the same files, one after
 * another, nothing checked. Each program is a process of its own, timed by the shell.
 *
 * <p>Arguments: how often; JVM flags of the loader. Prints seconds, CPU seconds, resident memory.
 */
public final class LoaderBench {
  private static final int FILES = Integer.getInteger("bench.files", 4);
  private static final long SIZE = (1L << 30) / FILES;
  private static final byte[] BLOCK = block();

  private LoaderBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    String flags = arguments.length > 1 ? arguments[1] : "-Xmx64m -XX:+UseSerialGC";
    HttpServer hub = hub();
    String base = "http://127.0.0.1:" + hub.getAddress().getPort();
    try {
      for (int round = 0; round < rounds; round++) {
        Path folder = Files.createTempDirectory(Path.of("/dev/shm"), "loader-bench");
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        time(
            "loader",
            folder,
            java
                + " "
                + flags
                + " -cp '"
                + System.getProperty("bench.classpath", System.getProperty("java.class.path"))
                + "' io.llmaz.loader.Main >&2",
            Map.of(
                "MODEL_SOURCE_TYPE",
                "modelhub",
                "MODEL_ID",
                "b/b",
                "HF_ENDPOINT",
                base,
                "LLMAZ_MODEL_ROOT",
                folder.toString()));
        folder = Files.createTempDirectory(Path.of("/dev/shm"), "loader-bench");
        StringBuilder curl = new StringBuilder("curl -sf");
        for (int i = 0; i < FILES; i++) {
          curl.append(" -o " + folder + "/" + i + " " + base + "/b/b/resolve/c0ffee/" + i);
        }
        time("curl", folder, curl.toString(), Map.of());
      }
    } finally {
      hub.stop(0);
    }
    System.exit(0);
  }

  private static void time(String name, Path folder, String command, Map<String, String> variables)
      throws IOException, InterruptedException {
    String script =
        "TIMEFORMAT='%R s, user %U, sys %S'; echo -n '"
            + name
            + ": ' >&2; time ( "
            + command
            + "; echo \"exit $?\" >&2 ); rm -rf "
            + folder;
    ProcessBuilder builder = new ProcessBuilder(List.of("bash", "-c", script)).inheritIO();
    builder.environment().putAll(variables);
    builder.start().waitFor();
  }

  private static HttpServer hub() throws IOException {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, SIZE);
    for (long at = 0; at < SIZE; at += BLOCK.length) {
      hasher.update(BLOCK, 0, BLOCK.length);
    }
    String oid = hasher.digest().hex();
    StringBuilder tree = new StringBuilder();
    for (int i = 0; i < FILES; i++) {
      tree.append(i == 0 ? "[" : ",")
          .append(
              "{\"type\":\"file\",\"path\":\"%d\",\"size\":%d,\"lfs\":{\"oid\":\"%s\",\"size\":%d}}"
                  .formatted(i, SIZE, oid, SIZE));
    }
    tree.append("]");
    HttpServer hub =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.setExecutor(Executors.newCachedThreadPool());
    hub.createContext(
        "/api/models/b/b/revision/", exchange -> text(exchange, "{\"sha\":\"c0ffee\"}"));
    hub.createContext("/api/models/b/b/tree/", exchange -> text(exchange, tree.toString()));
    hub.createContext("/b/b/resolve/", LoaderBench::content);
    hub.start();
    return hub;
  }

  private static void text(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void content(HttpExchange exchange) throws IOException {
    try (exchange) {
      String header = exchange.getRequestHeaders().getFirst("Range");
      ByteRange range =
          header == null ? ByteRange.all(SIZE) : ByteRange.parse(header, SIZE).orElseThrow();
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + range.start() + "-" + (range.end() - 1) + "/" + SIZE);
      exchange.sendResponseHeaders(header == null ? 200 : 206, range.length());
      OutputStream out = exchange.getResponseBody();
      for (long at = range.start(); at < range.end(); ) {
        int from = (int) (at % BLOCK.length);
        int count = (int) Math.min(BLOCK.length - from, range.end() - at);
        out.write(BLOCK, from, count);
        at += count;
      }
    }
  }

  private static byte[] block() {
    byte[] block = new byte[1 << 20];
    new Random(7).nextBytes(block);
    return block;
  }
}
