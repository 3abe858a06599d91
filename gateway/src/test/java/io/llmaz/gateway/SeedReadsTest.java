package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.ByteRange;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gateway asks of seeds, with a hand-made proxy at a seed's address. */
final class SeedReadsTest {
  private static final byte[] CONTENT = TestingContent.random(300_000);
  private static final ManifestFile FILE =
      ManifestFile.verified("w", CONTENT.length, TestingContent.sha256(CONTENT));
  private static final ByteRange RANGE = new ByteRange(1000, 200_000);
  private static final String SEED = "127.0.0.2";
  private static final GatewayTask TASK =
      new GatewayTask(
          "model-m",
          Optional.of("m"),
          new P2PTaskSpec(null, null, null, null, null, null, null),
          new Manifest("hf://a/b", "c0ffee", List.of(FILE)),
          new SeedHoldings(Map.of("w", SEED + ":4000")));

  private final List<ByteRange> askedOfSource = new CopyOnWriteArrayList<>();
  private final List<String> askedOfSeed = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TaskUsage usage = new TaskUsage("model-m", 1.5, metrics);
  private volatile Answer answer = SeedReadsTest::part;
  private HttpServer seed;
  private SeedReads reads;

  private interface Answer {
    void give(HttpExchange exchange, int from, int end) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    seed = HttpServer.create(new InetSocketAddress(SEED, 0), 0);
    seed.createContext(
        "/",
        exchange -> {
          try (exchange) {
            askedOfSeed.add(
                exchange.getRequestURI()
                    + " "
                    + exchange
                        .getRequestHeaders()
                        .getFirst("X-Dragonfly-Content-For-Calculating-Task-ID"));
            String[] range = exchange.getRequestHeaders().getFirst("Range").substring(6).split("-");
            answer.give(exchange, Integer.parseInt(range[0]), Integer.parseInt(range[1]) + 1);
          }
        });
    seed.start();
    LinkSigner links =
        new LinkSigner(
            new KeyRing(
                () -> List.of(new byte[] {1}), Duration.ofMinutes(1), InstantSource.system()),
            Duration.ofMinutes(1),
            InstantSource.system());
    reads = new SeedReads(links, URI.create("http://gateway:8088"), seed.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    seed.stop(0);
  }

  @Test
  void open_ofAFileThatASeedHolds_readsTheSeedAndNotTheSource() throws IOException {
    assertThat(read("127.0.0.1")).isEqualTo(expected());

    assertThat(askedOfSource).isEmpty();
    assertThat(askedOfSeed)
        .singleElement()
        .asString()
        .startsWith("http://gateway:8088" + FILE.blobPath() + "?task=model-m&")
        .endsWith("&from=peers " + FILE.contentKey());
    assertThat(metrics.counter("llmaz.gateway.seed.bytes", "seed", SEED, "task", "model-m").count())
        .isEqualTo((double) RANGE.length());
  }

  @Test
  void open_bySeedThatLostTheFile_readsTheSource() throws IOException {
    assertThat(read(SEED)).isEqualTo(expected());

    assertThat(askedOfSource).containsExactly(RANGE);
    assertThat(askedOfSeed).isEmpty();
  }

  @Test
  void open_ofAFileThatTheSeedRefuses_readsTheSourceAndLeavesTheSeedAlone() throws IOException {
    answer = (exchange, from, end) -> exchange.sendResponseHeaders(403, -1);

    assertThat(read("127.0.0.1")).isEqualTo(expected());
    assertThat(read("127.0.0.1")).isEqualTo(expected());

    assertThat(askedOfSource).containsExactly(RANGE, RANGE);
    assertThat(askedOfSeed).hasSize(1);
  }

  @Test
  void open_withTheSeedAway_readsTheSource() throws IOException {
    seed.stop(0);

    assertThat(read("127.0.0.1")).isEqualTo(expected());

    assertThat(askedOfSource).containsExactly(RANGE);
  }

  @Test
  void read_ofASeedThatBreaksOff_goesOnAtTheSource() throws IOException {
    answer =
        (exchange, from, end) -> {
          if (askedOfSeed.size() > 1) {
            exchange.sendResponseHeaders(500, -1);
            return;
          }
          head(exchange, from, end);
          exchange.getResponseBody().write(CONTENT, from, 50_000);
        };

    assertThat(read("127.0.0.1")).isEqualTo(expected());

    assertThat(askedOfSource).containsExactly(new ByteRange(51_000, 150_000));
  }

  @Test
  void open_withTheSeedAndTheSourceAway_failsAsTheSourceDoes() {
    seed.stop(0);

    assertThatThrownBy(() ->
            open(
                "127.0.0.1",
                part -> {
                  throw new SourceException(SourceException.Kind.USER, "the hub says no");
                }))
        .hasMessage("the hub says no");
  }

  private byte[] read(String reader) throws IOException {
    try (InputStream in = open(reader, this::source)) {
      return in.readAllBytes();
    }
  }

  private InputStream open(String reader, BlockRead.Origin source) {
    return reads
        .seedOf(TASK, FILE, address(reader))
        .map(from -> reads.open(from, TASK, FILE, RANGE, usage, source))
        .orElseGet(() -> source.open(RANGE));
  }

  private InputStream source(ByteRange range) {
    askedOfSource.add(range);
    return new ByteArrayInputStream(CONTENT, (int) range.start(), (int) range.length());
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] expected() {
    return Arrays.copyOfRange(CONTENT, (int) RANGE.start(), (int) RANGE.end());
  }

  private static void part(HttpExchange exchange, int from, int end) throws IOException {
    head(exchange, from, end);
    exchange.getResponseBody().write(CONTENT, from, end - from);
  }

  private static void head(HttpExchange exchange, int from, int end) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + CONTENT.length);
    exchange.sendResponseHeaders(206, end - from);
  }
}
