package io.llmaz.local.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The demo hub as a process of its own, for clusters: the source whose bytes are counted. Prints
 * one line of JSON per request, when it has been answered.
 *
 * <p>Environment: {@code LLMAZ_HUB_LISTEN} {@code address:port}; {@code LLMAZ_HUB_MODELS} {@code
 * org/name=folder}, separated by commas; {@code LLMAZ_HUB_WORK} a folder; {@code
 * LLMAZ_HUB_TOKEN_FILE} makes every model gated; {@code LLMAZ_HUB_CONTROL} a port of loopback where
 * {@code POST /faults} with a line {@code PATH-PART TIMES STATUS RETRY-AFTER-SECONDS} lets requests
 * fail, and {@code POST /pushes} with {@code org/name=folder} moves that repository's {@code main}.
 */
public final class Main {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Main() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    DemoHub hub;
    try {
      hub = DemoHub.start(config(environment));
    } catch (IllegalArgumentException e) {
      System.err.println("hub: " + e.getMessage());
      System.exit(64);
      return;
    }
    hub.log().onRequest(request -> System.out.println(line(request)));
    String control = environment.get("LLMAZ_HUB_CONTROL");
    if (control != null) {
      listenForOrders(hub, Integer.parseInt(control), token(environment));
    }
    System.out.println("{\"listening\":\"" + hub.hubAddress() + "\"}");
    new CountDownLatch(1).await();
  }

  private static DemoHubConfig config(Map<String, String> environment) throws IOException {
    Optional<String> token = token(environment);
    List<ModelRepository> models = new ArrayList<>();
    for (String model : required(environment, "LLMAZ_HUB_MODELS").split(",")) {
      models.add(repository(model, token));
    }
    Path work = Files.createDirectories(Path.of(required(environment, "LLMAZ_HUB_WORK")));
    String listen = required(environment, "LLMAZ_HUB_LISTEN");
    int colon = listen.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("LLMAZ_HUB_LISTEN is address:port, not " + listen);
    }
    return DemoHubConfig.of(models, List.of(), work)
        .withListen(
            new InetSocketAddress(
                listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1))));
  }

  private static Optional<String> token(Map<String, String> environment) throws IOException {
    String file = environment.get("LLMAZ_HUB_TOKEN_FILE");
    return file == null ? Optional.empty() : Optional.of(Files.readString(Path.of(file)).strip());
  }

  private static ModelRepository repository(String model, Optional<String> token) {
    int equals = model.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("a model is org/name=folder, not " + model);
    }
    return new ModelRepository(
        model.substring(0, equals), Path.of(model.substring(equals + 1)), token);
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is not set");
    }
    return value;
  }

  private static String line(HubRequest request) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", request.at().toString());
    fields.put("part", request.part().name());
    fields.put("method", request.method());
    fields.put("path", request.path());
    fields.put("status", request.status());
    fields.put("bytes", request.bytesSent());
    fields.put("agent", request.userAgent());
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request that is not JSON", e);
    }
  }

  private static void listenForOrders(DemoHub hub, int port, Optional<String> token)
      throws IOException {
    HttpServer control =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8);
    control.createContext("/faults", exchange -> order(exchange, line -> addFault(hub, line)));
    control.createContext(
        "/pushes", exchange -> order(exchange, line -> hub.push(repository(line, token))));
    control.start();
  }

  /** What is done with an order's one line. */
  private interface Order {
    void carryOut(String line) throws IOException;
  }

  private static void order(HttpExchange exchange, Order order) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      try {
        order.carryOut(body.strip());
        exchange.sendResponseHeaders(204, -1);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | NoSuchFileException e) {
        exchange.sendResponseHeaders(400, -1);
      }
    }
  }

  private static void addFault(DemoHub hub, String line) {
    String[] words = line.split(" ");
    hub.inject(
        words[0],
        Integer.parseInt(words[1]),
        new Fault.Status(Integer.parseInt(words[2]), Map.of("Retry-After", words[3])));
  }
}
