package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.ModelTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.BundleReader;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.OriginHttp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The gateway over HTTP, with a hub behind it and hand-made Kubernetes sides. */
final class GatewayServerTest {
  private static final byte[] LARGE = TestingContent.random(6 << 20);
  private static final byte[] SMALL = TestingContent.random(1000);
  private static final String TOKEN = "hub-token-that-nobody-may-see";

  @TempDir private Path directory;
  private volatile List<InetSocketAddress> replicas = List.of();
  private volatile byte[] hubLarge = LARGE;
  private final AtomicInteger hubRequests = new AtomicInteger();
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer hub;
  private HttpServer seed;
  private GatewayServer gateway;
  private GatewayTask task;

  @BeforeEach
  void start() throws IOException {
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    hub.createContext(
        "/",
        exchange -> {
          hubRequests.incrementAndGet();
          try (exchange) {
            if (!("Bearer " + TOKEN)
                .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
              exchange.sendResponseHeaders(401, -1);
              return;
            }
            byte[] content =
                exchange.getRequestURI().getPath().endsWith("small") ? SMALL : hubLarge;
            if (exchange.getRequestURI().getPath().contains("slow")) {
              await(release);
            }
            String range = exchange.getRequestHeaders().getFirst("Range").substring(6);
            int from = Integer.parseInt(range.split("-")[0]);
            int to = Integer.parseInt(range.split("-")[1]);
            exchange
                .getResponseHeaders()
                .set("Content-Range", "bytes " + range + "/" + content.length);
            exchange.sendResponseHeaders(206, to - from + 1);
            exchange.getResponseBody().write(content, from, to - from + 1);
          }
        });
    hub.start();
    seed = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
    seed.start();
    task =
        new GatewayTask(
            "model-m",
            Optional.of("m"),
            spec(),
            new Manifest(
                "hf://a/b",
                "c0ffee",
                List.of(
                    ManifestFile.verified("large", LARGE.length, TestingContent.sha256(LARGE)),
                    ManifestFile.verified("slow", LARGE.length, TestingContent.sha256(LARGE)),
                    ManifestFile.verified("small", SMALL.length, TestingContent.sha256(SMALL)))),
            SeedHoldings.NONE);
    gateway = gateway(1.5, 32 << 20);
  }

  private GatewayServer gateway(double budget, long cacheBytes) {
    return gateway("127.0.0.1", budget, cacheBytes);
  }

  private GatewayServer gateway(String address, double budget, long cacheBytes) {
    GatewayConfig config =
        new GatewayConfig(
            new InetSocketAddress(address, 0),
            null,
            "llmaz-system",
            "llmaz-gateway",
            null,
            URI.create("http://127.0.0.1:" + hub.getAddress().getPort()),
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
        new TestingCredentials(TOKEN),
        new TestingAccess(),
        (about, report) -> reports.add(report),
        () -> List.of(new byte[] {1, 2, 3}),
        new Replicas(address, () -> replicas),
        OriginHttp.create("test"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    hub.stop(0);
    seed.stop(0);
    client.close();
  }

  @Test
  void manifest_forWhoMayGetTheModel_hasLinksThatWork() throws Exception {
    Map<String, String> links = links("reader");

    assertThat(bytes(links.get("small"), null)).isEqualTo(SMALL);
    assertThat(bytes(links.get("large"), "bytes=100-4000099"))
        .isEqualTo(Arrays.copyOfRange(LARGE, 100, 4_000_100));
  }

  @Test
  void manifest_forWhoMayNot_isForbidden() throws Exception {
    assertThat(get("/v1/tasks/model-m/manifest", "stranger").statusCode()).isEqualTo(403);
  }

  @Test
  void manifest_withoutAValidToken_isUnauthorised() throws Exception {
    assertThat(get("/v1/tasks/model-m/manifest", "").statusCode()).isEqualTo(401);
  }

  @Test
  void manifest_ofAnUnknownTask_isNotFound() throws Exception {
    assertThat(get("/v1/tasks/nothing/manifest", "reader").statusCode()).isEqualTo(404);
  }

  @Test
  void link_tamperedWith_isForbidden() throws Exception {
    String link =
        Objects.requireNonNull(links("reader").get("small")).replace("path=small", "path=large");

    assertThat(fetch(link, null).statusCode()).isEqualTo(403);
  }

  @Test
  void link_withAnotherFilesDigest_isForbidden() throws Exception {
    Map<String, String> links = links("reader");
    String small = Objects.requireNonNull(links.get("small"));
    String forged =
        small.replace(
            TestingContent.sha256(SMALL).toString(), TestingContent.sha256(LARGE).toString());

    assertThat(forged).isNotEqualTo(small);
    assertThat(fetch(forged, null).statusCode()).isEqualTo(403);
  }

  @Test
  void sizeProbe_ofALargeFile_asksNobody() throws Exception {
    HttpResponse<byte[]> probe = fetch(links("reader").get("large"), "bytes=0-0");

    assertThat(probe.statusCode()).isEqualTo(206);
    assertThat(probe.headers().firstValue("Content-Range")).contains("bytes 0-0/" + LARGE.length);
    assertThat(hubRequests).hasValue(0);
  }

  @Test
  void range_notSatisfiable_is416() throws Exception {
    assertThat(fetch(links("reader").get("small"), "bytes=5000-").statusCode()).isEqualTo(416);
  }

  @Test
  void smallFile_readOften_isReadFromTheHubOnce() throws Exception {
    String link = links("reader").get("small");
    for (int i = 0; i < 5; i++) {
      bytes(link, null);
    }

    assertThat(hubRequests).hasValue(1);
  }

  @Test
  void sameRange_askedForAtOnce_isOneReadOfTheHub() throws Exception {
    String link = Objects.requireNonNull(links("reader").get("slow"));
    List<CompletableFuture<HttpResponse<byte[]>>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      readers.add(
          client.sendAsync(
              HttpRequest.newBuilder(URI.create(link)).header("Range", "bytes=0-4194303").build(),
              HttpResponse.BodyHandlers.ofByteArray()));
    }
    Awaitility.await().until(() -> hubRequests.get() == 1);
    release.countDown();

    for (CompletableFuture<HttpResponse<byte[]>> reader : readers) {
      assertThat(reader.get(10, TimeUnit.SECONDS).body()).isEqualTo(Arrays.copyOf(LARGE, 4 << 20));
    }
    assertThat(hubRequests.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void byteBudget_spent_refusesLoudly() throws Exception {
    gateway.close();
    gateway = gateway(1, 0);
    String link = links("reader").get("large");
    int status = 0;
    for (int i = 0; i < 12 && status != 429; i++) {
      status = fetch(link, null).statusCode();
    }

    assertThat(status).isEqualTo(429);
    assertThat(reports).extracting(Report::reason).containsExactly("ByteBudgetSpent");
    links("reader"); // More links for the same reader are no more budget.
    assertThat(fetch(link, null).statusCode()).isEqualTo(429);
  }

  @Test
  void metrics_afterSomeReads_areAllThatTheDocumentNames() throws Exception {
    Map<String, String> links = links("reader");
    bytes(links.get("large"), null);
    bytes(links.get("large"), null);
    fetch(links.get("large") + "x", null);
    seedHolds("slow", LARGE);
    bytes(links.get("slow"), null);

    String scraped = text(get("/metrics", ""));
    Matcher named =
        Pattern.compile("^\\| `(llmaz_gateway_[a-z_]+)", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/metrics.md")));
    Set<String> names = named.results().map(match -> match.group(1)).collect(Collectors.toSet());
    names.remove("llmaz_gateway_origin_retries_total"); // Nothing failed here.
    assertThat(names).hasSizeGreaterThan(5).allSatisfy(name -> assertThat(scraped).contains(name));
    assertThat(scraped)
        .contains("llmaz_gateway_origin_bytes_total{host=\"127.0.0.1\",task=\"model-m\"} 6291456.0")
        .contains("llmaz_gateway_served_bytes_total{cache=\"hit\",task=\"model-m\"} 6291456.0")
        .contains("llmaz_gateway_refusals_total{kind=\"user\",status=\"403\"} 1.0")
        .doesNotContain(TOKEN);
  }

  @Test
  void bundle_ofATask_holdsEverySmallFileAndOnlyThose() throws Exception {
    HttpResponse<byte[]> answer = get("/v1/tasks/model-m/bundle", "reader");

    BundleReader bundle = new BundleReader(new ByteArrayInputStream(answer.body()));
    BundleReader.Entry entry = bundle.next().orElseThrow();
    assertThat(entry.path()).isEqualTo("small");
    assertThat(entry.content()).isEqualTo(SMALL);
    assertThat(bundle.next()).isEmpty();
  }

  @Test
  void bundle_ofManyReaders_costsTheHubOneRequest() throws Exception {
    for (int i = 0; i < 5; i++) {
      get("/v1/tasks/model-m/bundle", "reader");
    }

    assertThat(hubRequests).hasValue(1);
  }

  @Test
  void bundle_withAWrongMaximum_saysWhat() throws Exception {
    HttpResponse<byte[]> answer = get("/v1/tasks/model-m/bundle?max=much", "reader");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(text(answer)).contains("max is a number of bytes");
  }

  @Test
  void bundle_forWhoMayNot_isForbidden() throws Exception {
    assertThat(get("/v1/tasks/model-m/bundle", "stranger").statusCode()).isEqualTo(403);
  }

  @Test
  void report_ofAReader_isRecordedWithoutSecrets() throws Exception {
    HttpResponse<byte[]> answer =
        post(
            "/v1/tasks/model-m/reports",
            "{\"reason\": \"Loaded\", \"message\": \"from http://g/?task=t&sig=secret\","
                + " \"instance\": \"pod-1\"}",
            "reader");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(reports)
        .containsExactly(new Report(false, "Loaded", "from http://g/?task=t&sig=...", "pod-1"));
  }

  @Test
  void report_ofAStranger_isForbidden() throws Exception {
    String report = "{\"reason\": \"Loaded\", \"message\": \"m\"}";

    assertThat(post("/v1/tasks/model-m/reports", report, "stranger").statusCode()).isEqualTo(403);
    assertThat(reports).isEmpty();
  }

  @Test
  void report_tooLargeOrMalformed_isRefused() throws Exception {
    String path = "/v1/tasks/model-m/reports";

    assertThat(post(path, "x".repeat(9000), "reader").statusCode()).isEqualTo(413);
    assertThat(post(path, "{\"reason\": \"two words\"}", "reader").statusCode()).isEqualTo(400);
    assertThat(reports).isEmpty();
  }

  @Test
  void report_afterManyInAnHour_isTakenAndDropped() throws Exception {
    String report = "{\"reason\": \"Loaded\", \"message\": \"m\"}";
    int status = 0;
    for (int i = 0; i <= ReportHandler.AN_HOUR; i++) {
      status = post("/v1/tasks/model-m/reports", report, "reader").statusCode();
    }

    assertThat(status).isEqualTo(202);
    assertThat(reports).hasSize(ReportHandler.AN_HOUR);
  }

  @Test
  void accessLog_ofALink_saysWhoAndWhatButNoSignature() throws Exception {
    ch.qos.logback.classic.Logger logger =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.llmaz.gateway.access");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    logger.addAppender(lines);
    String link = Objects.requireNonNull(links("reader").get("small"));
    bytes(link, "bytes=0-9");
    Awaitility.await().until(() -> lines.list.size() >= 2);
    logger.detachAppender(lines);

    String all = lines.list.toString();
    assertThat(all).contains("task=model-m range=0-9 206 10 bytes");
    assertThat(all).doesNotContain("sig=", link.substring(link.indexOf("sig=") + 4), "reader");
  }

  @Test
  void blob_ofALinkForPeersOnly_isRefusedWithoutAskingTheHub() throws Exception {
    String link = links("reader").get("large") + "&from=peers";

    HttpResponse<byte[]> answer = fetch(link, "bytes=0-9");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("only peers may give large");
    assertThat(fetch(link, "bytes=0-0").statusCode()).isEqualTo(206);
    assertThat(hubRequests).hasValue(0);
  }

  @Test
  void blob_thatASeedHolds_isTheSeedsUntilItsReaderWantsTheSource() throws Exception {
    byte[] wrong = new byte[LARGE.length];
    seedHolds("large", wrong);
    String link = links("reader").get("large");

    assertThat(bytes(link, null)).isEqualTo(wrong);
    assertThat(hubRequests).hasValue(0);
    assertThat(bytes(link + "&from=source", null)).isEqualTo(LARGE);
  }

  @Test
  void blob_thatWasReadBeforeARestart_isNotReadAgain() throws Exception {
    bytes(links("reader").get("large"), null);
    awaitKept(LARGE.length);
    gateway.close();
    gateway = gateway(1.5, 32 << 20);

    assertThat(bytes(links("reader").get("large"), null)).isEqualTo(LARGE);
    assertThat(hubRequests).hasValue(1);
  }

  @Test
  void blob_whoseKeptBytesAreWrong_isTheSourcesForWhoSaysSo() throws Exception {
    hubLarge = LARGE.clone();
    hubLarge[0]++;
    bytes(links("reader").get("large"), null);
    awaitKept(LARGE.length);
    hubLarge = LARGE;
    gateway.close();
    gateway = gateway(1.5, 32 << 20);
    String link = links("reader").get("large");

    assertThat(bytes(link, null)).isNotEqualTo(LARGE);
    assertThat(bytes(link + "&from=source", null)).isEqualTo(LARGE);
  }

  private void awaitKept(long bytes) {
    Awaitility.await()
        .until(() ->
            text(get("/metrics", ""))
                .contains("llmaz_gateway_spool_written_bytes_total " + (double) bytes));
  }

  @Test
  void blob_askedOfBothReplicas_isReadByOne() throws Exception {
    try (GatewayServer second = gateway("127.0.0.3", 1.5, 32 << 20)) {
      replicas = List.of(place(gateway), place(second));
      URI link = URI.create(links("reader").get("large"));
      URI atSecond = second.address().resolve(link.getRawPath() + "?" + link.getRawQuery());

      HttpResponse<byte[]> here = fetch(link.toString(), "bytes=5-9");
      HttpResponse<byte[]> there = fetch(atSecond.toString(), "bytes=5-9");

      assertThat(List.of(here.statusCode(), there.statusCode()))
          .containsExactlyInAnyOrder(206, 302);
      HttpResponse<byte[]> sent = here.statusCode() == 302 ? here : there;
      String location = sent.headers().firstValue("Location").orElseThrow();
      assertThat(bytes(location, "bytes=5-9")).isEqualTo(Arrays.copyOfRange(LARGE, 5, 10));
      assertThat(hubRequests).hasValue(1);
      assertThat(usage().path("originRequests").asLong()).isEqualTo(1);
    }
  }

  @Test
  void blob_ofAReplicaThatIsAway_comesFromTheNext() throws Exception {
    GatewayServer second = gateway("127.0.0.3", 1.5, 32 << 20);
    replicas = List.of(place(second));
    second.close();

    assertThat(bytes(links("reader").get("large"), null)).isEqualTo(LARGE);
  }

  @Test
  void blob_ofWhichOnlyTheSizeIsAsked_isAnsweredByEveryReplica() throws Exception {
    try (GatewayServer second = gateway("127.0.0.3", 1.5, 32 << 20)) {
      replicas = List.of(place(second));
      String link = links("reader").get("large");

      assertThat(fetch(link, "bytes=0-0").statusCode()).isEqualTo(206);
      assertThat(fetch(link, "bytes=0-9").statusCode()).isEqualTo(302);
    }
  }

  private static InetSocketAddress place(GatewayServer server) {
    return new InetSocketAddress(server.address().getHost(), server.address().getPort());
  }

  private JsonNode usage() throws Exception {
    return new ObjectMapper().readTree(get("/v1/tasks/model-m/usage", "operator").body());
  }

  @Test
  void smallBlob_withSeveralReplicas_comesFromTheOneThatWasAsked() throws Exception {
    replicas = List.of(place(gateway), new InetSocketAddress("127.0.0.9", 1));

    assertThat(bytes(links("reader").get("small"), null)).isEqualTo(SMALL);
  }

  @Test
  void imageBlob_atItsLink_hasARegistrysShape() throws Exception {
    task =
        new GatewayTask(
            "image-i",
            Optional.empty(),
            new P2PTaskSpec(
                null,
                new ImageTask("127.0.0.1:" + hub.getAddress().getPort() + "/a/b:v1", List.of()),
                null,
                null,
                null,
                null,
                null),
            new Manifest(
                "r/a/b",
                "sha256:" + "0".repeat(64),
                List.of(
                    ManifestFile.verified("blobs/x", SMALL.length, TestingContent.sha256(SMALL)))),
            SeedHoldings.NONE);
    JsonNode links =
        new ObjectMapper().readTree(get("/v1/tasks/image-i/manifest", "operator").body());
    String link = links.path("links").path("blobs/x").asText();

    assertThat(URI.create(link).getPath())
        .isEqualTo("/v2/image-i/blobs/" + TestingContent.sha256(SMALL));
    assertThat(fetch(link, "bytes=0-0").headers().firstValue("Content-Range"))
        .contains("bytes 0-0/" + SMALL.length);
    assertThat(fetch(link.replace("/v2/image-i", "/v2/model-m"), null).statusCode()).isEqualTo(403);
  }

  @Test
  void usage_afterAnswers_countsWhatTheHubGave() throws Exception {
    bytes(links("reader").get("small"), null);

    JsonNode usage = usage();

    assertThat(usage.path("originBytes").asLong()).isEqualTo(SMALL.length);
    assertThat(usage.path("originRequests").asLong()).isEqualTo(1);
  }

  @Test
  void everyAnswer_ofEveryPath_holdsNoToken() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String path :
        List.of("/v1/tasks/model-m/manifest", "/v1/tasks/model-m/usage", "/metrics", "/nothing")) {
      HttpResponse<byte[]> response = get(path, "operator");
      all.append(response.headers().map())
          .append(new String(response.body(), StandardCharsets.UTF_8));
    }

    assertThat(all.toString()).doesNotContain(TOKEN);
  }

  private void seedHolds(String path, byte[] content) {
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

  private Map<String, String> links(String caller) throws Exception {
    JsonNode answer = new ObjectMapper().readTree(get("/v1/tasks/model-m/manifest", caller).body());
    return new ObjectMapper()
        .convertValue(answer.path("links"), new TypeReference<Map<String, String>>() {});
  }

  private byte[] bytes(@Nullable String link, @Nullable String range) throws Exception {
    HttpResponse<byte[]> response = fetch(link, range);
    assertThat(response.statusCode()).isIn(200, 206);
    return response.body();
  }

  private HttpResponse<byte[]> fetch(@Nullable String link, @Nullable String range)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Objects.requireNonNull(link)));
    if (range != null) {
      request.header("Range", range);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path, String token) throws Exception {
    return client.send(
        HttpRequest.newBuilder(gateway.address().resolve(path))
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post(String path, String body, String token) throws Exception {
    return client.send(
        HttpRequest.newBuilder(gateway.address().resolve(path))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
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

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
