package io.llmaz.local.cluster;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What test containers run: {@code write FILE TEXT}, {@code fail-once FILE}, {@code serve HOST PORT
 * STATUS}, {@code hang}, {@code print-env NAME}. Needs nothing but the JDK.
 */
public final class TestingProgram {

  private TestingProgram() {}

  /** Does what the first argument says. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "write" -> Files.writeString(Path.of(arguments[1]), arguments[2]);
      case "print-env" -> System.out.println("value: " + System.getenv(arguments[1]));
      case "fail-once" -> {
        Path tried = Path.of(arguments[1]);
        if (!Files.exists(tried)) {
          Files.writeString(tried, "", StandardOpenOption.CREATE_NEW);
          System.out.println("failing");
          System.exit(3);
        }
        System.out.println("succeeding");
      }
      case "serve" -> serve(arguments[1], Integer.parseInt(arguments[2]), arguments[3]);
      case "hang" -> Thread.currentThread().join();
      default -> System.exit(2);
    }
  }

  private static void serve(String host, int port, String status) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
    server.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(Integer.parseInt(status), -1);
          exchange.close();
        });
    server.start();
    System.out.println("serving on " + host);
  }
}
