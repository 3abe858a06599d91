package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.p2p.ModelTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.OriginHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A gateway over HTTP, with a hub and a seed behind it and hand-made Kubernetes sides. It serves
 * one task, {@code model-m}, of the files of {@link TestingHub}.
 */
final class TestingGateway implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";
  private static final double BUDGET = 1.5;
  private static final long CACHE = 32 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final TestingHub hub = new TestingHub();
  private final HttpServer seed;
  private volatile List<InetSocketAddress> replicas = List.of();
  private GatewayTask task =
      new GatewayTask("model-m", Optional.of("m"), spec(), manifest(), SeedHoldings.NONE);
  private GatewayServer server;

  /**
   * A running one.
   *
   * @param directory for what it keeps on disk
   */
  TestingGateway(Path directory) throws IOException {
    this.directory = directory;
    this.seed = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
    seed.start();
    this.server = start(ADDRESS, BUDGET, CACHE);
  }

  private GatewayServer start(String address, double budget, long cacheBytes) {
    GatewayConfig config =
        new GatewayConfig(
            new InetSocketAddress(address, 0),
            null,
            "llmaz-system",
            "llmaz-gateway",
            null,
            hub.address(),
            Set.of(),
            Duration.ofMinutes(1),
            cacheBytes,
            cacheBytes == 0
                ? null
                : directory.resolve(address), // Who keeps nothing keeps nothing on disk.
            64 << 20,
            budget,
            4,
            seed.getAddress().getPort(),
            SourceEndpoints.from(Map.of()));
    return new GatewayServer(
        config,
        name -> Optional.of(task).filter(t -> t.name().equals(name)),
        new TestingCredentials(TestingHub.TOKEN),
        new TestingAccess(),
        (about, report) -> reports.add(report),
        () -> List.of(new byte[] {1, 2, 3}),
        new Replicas(address, () -> replicas),
        OriginHttp.create("test"));
  }

  void restart() {
    restart(BUDGET, CACHE);
  }

  void restart(double budget, long cacheBytes) {
    server.close();
    server = start(ADDRESS, budget, cacheBytes);
  }

  /** A second one, of the same task; to be closed by who asked for it. */
  GatewayServer another(String address) {
    return start(address, BUDGET, CACHE);
  }

  static InetSocketAddress place(GatewayServer server) {
    return new InetSocketAddress(server.address().getHost(), server.address().getPort());
  }

  InetSocketAddress place() {
    return place(server);
  }

  void replicas(List<InetSocketAddress> ready) {
    replicas = ready;
  }

  TestingHub hub() {
    return hub;
  }

  void serve(GatewayTask other) {
    task = other;
  }

  void seedHolds(String path, byte[] content) {
    seed.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
          }
        });
    task =
        new GatewayTask(
            task.name(),
            task.model(),
            task.spec(),
            task.manifest(),
            new SeedHoldings(Map.of(path, "127.0.0.2:4000")));
  }

  int hubRequests() {
    return hub.requests();
  }

  List<Report> reports() {
    return reports;
  }

  /** Waits until so many bytes are on disk. */
  void awaitKept(long bytes) {
    Awaitility.await()
        .until(() ->
            text(get("/metrics", ""))
                .contains("llmaz_gateway_spool_written_bytes_total " + (double) bytes));
  }

  JsonNode usage() throws Exception {
    return JSON.readTree(get("/v1/tasks/model-m/usage", "operator").body());
  }

  Map<String, String> links(String caller) throws Exception {
    JsonNode answer = JSON.readTree(get("/v1/tasks/" + task.name() + "/manifest", caller).body());
    return JSON.convertValue(answer.path("links"), new TypeReference<Map<String, String>>() {});
  }

  byte[] bytes(@Nullable String link, @Nullable String range) throws Exception {
    HttpResponse<byte[]> response = fetch(link, range);
    assertThat(response.statusCode()).isIn(200, 206);
    return response.body();
  }

  HttpResponse<byte[]> fetch(@Nullable String link, @Nullable String range) throws Exception {
    return client.send(request(link, range), BodyHandlers.ofByteArray());
  }

  CompletableFuture<HttpResponse<byte[]>> fetchLater(@Nullable String link, String range) {
    return client.sendAsync(request(link, range), BodyHandlers.ofByteArray());
  }

  private static HttpRequest request(@Nullable String link, @Nullable String range) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Objects.requireNonNull(link)));
    if (range != null) {
      request.header("Range", range);
    }
    return request.build();
  }

  HttpResponse<byte[]> get(String path, String token) throws Exception {
    return client.send(authorised(path, token).build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, String body, String token) throws Exception {
    return client.send(
        authorised(path, token).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder authorised(String path, String token) {
    return HttpRequest.newBuilder(server.address().resolve(path))
        .header("Authorization", "Bearer " + token);
  }

  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static Manifest manifest() {
    return new Manifest(
        "hf://a/b",
        "c0ffee",
        List.of(
            ManifestFile.verified(
                "large", TestingHub.LARGE.length, TestingContent.sha256(TestingHub.LARGE)),
            ManifestFile.verified(
                "slow", TestingHub.LARGE.length, TestingContent.sha256(TestingHub.LARGE)),
            ManifestFile.verified(
                "small", TestingHub.SMALL.length, TestingContent.sha256(TestingHub.SMALL))));
  }

  private static P2PTaskSpec spec() {
    return new P2PTaskSpec(
        new ModelTask(
            new ModelSource(new ModelHub("Huggingface", "a/b", null, "main", null, null), null)),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Override
  public void close() {
    server.close();
    hub.close();
    seed.stop(0);
    client.close();
  }
}
