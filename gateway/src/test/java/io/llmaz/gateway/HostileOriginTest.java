package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.p2p.ModelTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.ByteRange;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.RetryPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an origin may do to us, each survived or refused in words that say what was wrong. */
final class HostileOriginTest {
  private static final byte[] LARGE = TestingContent.random(5 << 20);
  private static final byte[] SMALL = TestingContent.random(1000);
  private static final String COMMIT = "c0ffee";

  private interface Answer {
    void to(HttpExchange exchange, ByteRange range) throws IOException;
  }

  private final AtomicInteger requests = new AtomicInteger();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private Answer answer = (exchange, range) -> send(exchange, range, LARGE);
  private final URI hub = server("127.0.0.1", (exchange, range) -> answer.to(exchange, range));
  private final GatewayTask task =
      new GatewayTask(
          "model-m",
          Optional.of("m"),
          new P2PTaskSpec(
              new ModelTask(
                  new ModelSource(
                      new ModelHub("Huggingface", "a/b", null, "main", null, null), null)),
              null,
              null,
              null,
              null,
              null,
              null),
          new Manifest(
              "hf://a/b",
              COMMIT,
              List.of(
                  ManifestFile.verified("large", LARGE.length, TestingContent.sha256(LARGE)),
                  ManifestFile.verified("small", SMALL.length, TestingContent.sha256(SMALL)))),
          SeedHoldings.NONE);
  private final GatewayServer gateway =
      new GatewayServer(
          new GatewayConfig(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              null,
              "llmaz-system",
              "llmaz-gateway",
              null,
              hub,
              Set.of(),
              Duration.ofMinutes(1),
              8 << 20,
              null,
              1,
              1.5,
              4,
              4001,
              SourceEndpoints.from(Map.of())),
          name -> Optional.of(task),
          new TestingCredentials("hub-token"),
          new TestingAccess(),
          (about, report) -> {},
          () -> List.of(new byte[] {1}),
          Replicas.none(),
          new OriginHttp(
              new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMinutes(1)),
              InstantSource.system(),
              new Random(1),
              pauses::add,
              Duration.ofMillis(300),
              Optional.empty(),
              "test"));

  @AfterEach
  void stop() {
    gateway.close();
    servers.forEach(server -> server.stop(0));
    client.close();
  }

  @Test
  void origin_ignoresRanges_isSurvived() throws Exception {
    answer =
        (exchange, range) -> {
          exchange.sendResponseHeaders(200, LARGE.length);
          exchange.getResponseBody().write(LARGE);
        };

    assertThat(fetch("large", "bytes=3000000-3000099").body())
        .isEqualTo(Arrays.copyOfRange(LARGE, 3_000_000, 3_000_100));
  }

  @Test
  void origin_saysAnotherSize_isRefused() throws Exception {
    answer = (exchange, range) -> send(exchange, range, Arrays.copyOf(LARGE, LARGE.length + 1));

    assertRefused(fetch("large", null), 502, "bug", "/" + LARGE.length, "/" + (LARGE.length + 1));
  }

  @Test
  void origin_thatIgnoresRangesSaysAnotherLength_isRefused() throws Exception {
    answer =
        (exchange, range) -> {
          exchange.sendResponseHeaders(200, 17);
          exchange.getResponseBody().write(new byte[17]);
        };

    assertRefused(fetch("large", null), 502, "bug", "the source says 17");
  }

  @Test
  void origin_compressesThoughAskedNotTo_isRefused() throws Exception {
    answer =
        (exchange, range) -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          send(exchange, range, LARGE);
        };

    assertRefused(fetch("large", null), 502, "bug", "sends large of a/b as gzip");
  }

  @Test
  void origin_redirectsToAnotherHost_givesThatHostNoCredentials() throws Exception {
    URI cdn = server("127.0.0.2", (exchange, range) -> send(exchange, range, LARGE));
    answer =
        (exchange, range) -> {
          exchange.getResponseHeaders().set("Location", cdn + "/signed");
          exchange.sendResponseHeaders(302, -1);
        };

    assertThat(fetch("large", null).body()).isEqualTo(LARGE);
    assertThat(authorizations).startsWith("Bearer hub-token").contains("-").hasSize(2);
  }

  @Test
  void origin_redirectsInCircles_isRefused() throws Exception {
    answer =
        (exchange, range) -> {
          exchange.getResponseHeaders().set("Location", hub + "/again");
          exchange.sendResponseHeaders(302, -1);
        };

    assertRefused(fetch("large", null), 502, "bug", "in circles");
  }

  @Test
  void origin_stalls_isTakenUpAgain() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    answer =
        (exchange, range) -> {
          if (requests.get() > 1) {
            over.countDown();
            send(exchange, range, LARGE);
            return;
          }
          begin(exchange, range, 2_000_000);
          await(over);
        };

    assertThat(fetch("large", null).body()).isEqualTo(LARGE);
    assertThat(requests).hasValue(2);
  }

  @Test
  void origin_stallsForEver_isRefusedInItsTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    answer = (exchange, range) -> await(over);
    try {
      assertRefused(fetch("large", null), 503, "transient", "did not answer", "3 attempts");
    } finally {
      over.countDown();
    }
  }

  @Test
  void origin_truncates_isTakenUpAgainWhereItBroke() throws Exception {
    List<ByteRange> asked = new CopyOnWriteArrayList<>();
    answer =
        (exchange, range) -> {
          asked.add(range);
          if (asked.size() > 1) {
            send(exchange, range, LARGE);
            return;
          }
          begin(exchange, range, 2_000_000);
          throw new IOException("cut");
        };

    assertThat(fetch("large", null).body()).isEqualTo(LARGE);
    assertThat(asked.getLast().start()).isPositive().isLessThanOrEqualTo(2_000_000);
  }

  @Test
  void origin_changesUnderUsByETag_isRefused() throws Exception {
    answer =
        (exchange, range) -> {
          exchange.getResponseHeaders().set("ETag", "\"" + requests.get() + "\"");
          send(exchange, range, LARGE);
        };
    assertThat(fetch("large", "bytes=0-99").statusCode()).isEqualTo(206);

    assertRefused(
        fetch("large", "bytes=3000000-3000099"), 502, "bug", "changed", "its ETag was \"1\"");
  }

  @Test
  void origin_servesAnotherCommit_isRefused() throws Exception {
    answer =
        (exchange, range) -> {
          exchange.getResponseHeaders().set("X-Repo-Commit", "badcafe");
          send(exchange, range, LARGE);
        };

    assertRefused(fetch("large", null), 502, "bug", "commit badcafe", "not with " + COMMIT);
  }

  @Test
  void origin_sendsOtherBytes_isRefusedWithBothDigests() throws Exception {
    byte[] other = TestingContent.random(1001);
    answer = (exchange, range) -> send(exchange, range, Arrays.copyOf(other, SMALL.length));

    assertRefused(
        fetch("small", null), 502, "bug", "has digest", TestingContent.sha256(SMALL).toString());
  }

  @Test
  void origin_wantsToBeLeftAlone_isAskedAgainWhenItMay() throws Exception {
    answer =
        (exchange, range) -> {
          if (requests.get() == 1) {
            exchange.getResponseHeaders().set("Retry-After", "7");
            exchange.sendResponseHeaders(429, -1);
          } else {
            send(exchange, range, LARGE);
          }
        };

    assertThat(fetch("large", null).body()).isEqualTo(LARGE);
    assertThat(pauses).contains(Duration.ofSeconds(7));
  }

  @Test
  void origin_refusesUs_isTheUsersToMend() throws Exception {
    answer = (exchange, range) -> exchange.sendResponseHeaders(403, -1);

    assertRefused(fetch("large", null), 422, "user", "refuses a/b (403)");
  }

  @Test
  void origin_isBroken_isRefusedForNow() throws Exception {
    answer = (exchange, range) -> exchange.sendResponseHeaders(500, -1);

    assertRefused(fetch("large", null), 503, "transient", "answered 500", "3 attempts");
  }

  private static void assertRefused(
      HttpResponse<byte[]> response, int status, String kind, String... words) throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode body = new ObjectMapper().readTree(response.body());
    assertThat(body.path("kind").asText()).isEqualTo(kind);
    assertThat(body.path("message").asText()).contains(words).doesNotContain("hub-token");
  }

  private HttpResponse<byte[]> fetch(String path, @org.jspecify.annotations.Nullable String range)
      throws Exception {
    HttpRequest manifest =
        HttpRequest.newBuilder(gateway.address().resolve("/v1/tasks/model-m/manifest"))
            .header("Authorization", "Bearer reader")
            .build();
    String link =
        new ObjectMapper()
            .readTree(client.send(manifest, HttpResponse.BodyHandlers.ofByteArray()).body())
            .path("links")
            .path(path)
            .asText();
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(link));
    if (range != null) {
      request.header("Range", range);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private URI server(String host, Answer behaviour) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(host, 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            requests.incrementAndGet();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(authorization == null ? "-" : authorization);
            try (exchange) {
              String range = exchange.getRequestHeaders().getFirst("Range");
              behaviour.to(exchange, ByteRange.parse(range, LARGE.length).orElseThrow());
            }
          });
      server.start();
      servers.add(server);
      return URI.create("http://" + host + ":" + server.getAddress().getPort());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void send(HttpExchange exchange, ByteRange range, byte[] content)
      throws IOException {
    headers(exchange, range, content.length);
    exchange.getResponseBody().write(content, (int) range.start(), (int) range.length());
  }

  private static void begin(HttpExchange exchange, ByteRange range, int count) throws IOException {
    headers(exchange, range, LARGE.length);
    exchange.getResponseBody().write(LARGE, (int) range.start(), count);
    exchange.getResponseBody().flush();
  }

  private static void headers(HttpExchange exchange, ByteRange range, int size) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + range.start() + "-" + (range.end() - 1) + "/" + size);
    exchange.sendResponseHeaders(206, range.length());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
