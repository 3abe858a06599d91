package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HuggingFaceSourceTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String SHA =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  private static final byte[] CONTENT = TestingOrigin.content(300_000);

  private final OriginHttp http = TestingOrigin.http();
  private final List<TestingOrigin> origins = new ArrayList<>();

  @AfterEach
  void stop() {
    origins.forEach(TestingOrigin::close);
  }

  @Test
  void resolve_branch_givesCommitFilesAndDigests() {
    TestingOrigin hub = origin("127.0.0.1", exchange -> hub(exchange, entries()));

    Manifest manifest = source(hub, reference()).resolve();

    assertThat(manifest.revision()).isEqualTo(COMMIT);
    assertThat(manifest.files())
        .containsExactly(
            ManifestFile.verified("config.json", 12, new Digest(Digest.Algorithm.GIT_SHA1, COMMIT)),
            ManifestFile.verified("model.safetensors", 1000, Digest.sha256(SHA)));
  }

  @Test
  void resolve_listInPages_readsThemAll() {
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              String uri = exchange.getRequestURI().toString();
              if (uri.contains("/tree/") && !uri.contains("cursor")) {
                exchange.getResponseHeaders().set("Link", "<" + uri + "&cursor=2>; rel=\"next\"");
                TestingOrigin.text(exchange, 200, "[" + entry("a.bin") + "]");
              } else {
                hub(exchange, "[" + entry("b.bin") + "]");
              }
            });

    assertThat(source(hub, reference()).resolve().files())
        .extracting(ManifestFile::path)
        .containsExactly("a.bin", "b.bin");
  }

  @Test
  void resolve_refusedWithoutToken_isAUserErrorThatNamesTheModel() {
    TestingOrigin hub = origin("127.0.0.1", exchange -> TestingOrigin.text(exchange, 401, ""));

    assertThatThrownBy(() -> source(hub, reference(), Optional.empty()).resolve())
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.USER))
        .hasMessageContaining("org/name")
        .hasMessageContaining("no token");
  }

  @Test
  void resolve_aBranchThatIsNotThere_saysSoOnce() {
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              exchange.getResponseHeaders().set("X-Error-Code", "RevisionNotFound");
              TestingOrigin.text(exchange, 404, "");
            });

    assertThatThrownBy(() -> source(hub, reference()).resolve())
        .hasMessage("127.0.0.1 has no branch, tag or commit \"main\" of org/name");
    assertThat(hub.asked).hasSize(1);
  }

  @Test
  void open_hubIgnoresRanges_countsWhatIsSkipped() throws IOException {
    TestingOrigin hub =
        origin("127.0.0.1", exchange -> TestingOrigin.text(exchange, 200, "0123456789"));
    java.util.concurrent.atomic.AtomicLong counted = new java.util.concurrent.atomic.AtomicLong();
    OriginHttp.Meter meter =
        new OriginHttp.Meter() {
          @Override
          public void request(String host) {}

          @Override
          public void bytes(String host, int count) {
            counted.addAndGet(count);
          }
        };
    HuggingFaceSource source =
        new HuggingFaceSource(http, hub.uri(), reference(), Optional::empty, meter);

    try (InputStream stream =
        source.open(COMMIT, ManifestFile.unverified("f", 10, "etag"), new ByteRange(6, 2))) {
      assertThat(stream.readAllBytes()).isEqualTo(new byte[] {'6', '7'});
    }
    assertThat(counted).hasValue(8);
  }

  @Test
  void resolve_hubAnswers500_isTransientAfterItsAttempts() {
    TestingOrigin hub = origin("127.0.0.1", exchange -> TestingOrigin.text(exchange, 500, ""));

    assertThatThrownBy(() -> source(hub, reference()).resolve())
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.TRANSIENT));
    assertThat(hub.asked).hasSize(3);
  }

  @Test
  void resolve_unsafeFileName_isRefused() {
    TestingOrigin hub =
        origin("127.0.0.1", exchange -> hub(exchange, "[" + entry("../../etc/passwd") + "]"));

    assertThatThrownBy(() -> source(hub, reference()).resolve())
        .hasMessageContaining("../../etc/passwd")
        .hasMessageContaining("not a normal path");
  }

  @Test
  void resolve_patternsLeaveNothing_isAUserError() {
    TestingOrigin hub = origin("127.0.0.1", exchange -> hub(exchange, entries()));
    HubReference nothing = new HubReference("org/name", "main", null, List.of("*.gguf"), List.of());

    assertThatThrownBy(() -> source(hub, nothing).resolve())
        .hasMessageContaining("no file of org/name")
        .hasMessageContaining("*.gguf");
  }

  @Test
  void open_redirectToAnotherHost_sendsNoTokenThere() throws IOException {
    TestingOrigin cdn = origin("127.0.0.2", exchange -> TestingOrigin.serve(exchange, CONTENT));
    TestingOrigin hub =
        origin("127.0.0.1", exchange -> TestingOrigin.redirect(exchange, cdn.uri() + "/signed"));

    assertThat(read(hub, ByteRange.all(CONTENT.length))).isEqualTo(CONTENT);
    assertThat(hub.asked.getFirst().authorization()).isEqualTo("Bearer secret");
    assertThat(cdn.asked.getFirst().authorization()).isEqualTo("-");
  }

  @Test
  void open_signedAddressExpired_isRenewed() throws IOException {
    AtomicInteger signature = new AtomicInteger();
    TestingOrigin cdn =
        origin(
            "127.0.0.2",
            exchange -> {
              if (exchange.getRequestURI().getQuery().equals("s=" + signature.get())) {
                TestingOrigin.serve(exchange, CONTENT);
              } else {
                TestingOrigin.text(exchange, 403, "expired");
              }
            });
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> TestingOrigin.redirect(exchange, cdn.uri() + "/f?s=" + signature.get()));
    HuggingFaceSource source = source(hub, reference());
    source.open(COMMIT, file(), new ByteRange(0, 10)).close();
    signature.incrementAndGet();

    try (InputStream again = source.open(COMMIT, file(), new ByteRange(10, 10))) {
      assertThat(again.readAllBytes()).hasSize(10);
    }
    assertThat(hub.asked).hasSize(2);
  }

  @Test
  void open_bodyIsCutShort_goesOnWhereItBroke() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              if (requests.getAndIncrement() == 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
                exchange.sendResponseHeaders(206, CONTENT.length);
                exchange.getResponseBody().write(CONTENT, 0, 100_000);
                exchange.getResponseBody().flush();
                throw new IOException("cut");
              }
              TestingOrigin.serve(exchange, CONTENT);
            });

    assertThat(read(hub, ByteRange.all(CONTENT.length))).isEqualTo(CONTENT);
    assertThat(hub.asked.get(1).range()).isNotEqualTo("bytes=0-299999");
  }

  @Test
  void open_originIgnoresRanges_givesTheRightBytes() throws IOException {
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              exchange.sendResponseHeaders(200, CONTENT.length);
              exchange.getResponseBody().write(CONTENT);
            });

    assertThat(read(hub, new ByteRange(1000, 10)))
        .isEqualTo(java.util.Arrays.copyOfRange(CONTENT, 1000, 1010));
  }

  @Test
  void resolve_aPullRequest_asksForItAsOneName() {
    TestingOrigin hub = origin("127.0.0.1", exchange -> hub(exchange, entries()));
    HubReference proposal = new HubReference("org/name", "refs/pr/7", null, List.of(), List.of());

    assertThat(source(hub, proposal).resolve().revision()).isEqualTo(COMMIT);
    assertThat(hub.asked.getFirst().path())
        .isEqualTo("/api/models/org/name/revision/refs%2Fpr%2F7");
  }

  @Test
  void open_hubServesAnotherCommit_isRefused() {
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              exchange.getResponseHeaders().set("X-Repo-Commit", "f".repeat(40));
              TestingOrigin.serve(exchange, CONTENT);
            });

    assertThatThrownBy(() -> read(hub, ByteRange.all(CONTENT.length)))
        .hasMessageContaining("answers with commit ffff")
        .hasMessageContaining("not with " + COMMIT);
  }

  @Test
  void open_fileChangesBetweenTwoConnections_isRefused() {
    AtomicInteger requests = new AtomicInteger();
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              exchange.getResponseHeaders().set("ETag", "\"" + requests.getAndIncrement() + "\"");
              exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
              exchange.sendResponseHeaders(206, CONTENT.length);
              exchange.getResponseBody().write(CONTENT, 0, 100_000);
              exchange.getResponseBody().flush();
              throw new IOException("cut");
            });

    assertThatThrownBy(() -> read(hub, ByteRange.all(CONTENT.length)))
        .hasMessageContaining("changed at its source")
        .hasMessageContaining("its ETag was \"0\", now \"1\"");
  }

  @Test
  void open_originCompresses_isRefused() {
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Encoding", "gzip");
              TestingOrigin.serve(exchange, CONTENT);
            });

    assertThatThrownBy(() -> read(hub, ByteRange.all(CONTENT.length)))
        .hasMessageContaining("as gzip");
  }

  @Test
  void open_originHasAnotherSize_isRefused() {
    TestingOrigin hub =
        origin(
            "127.0.0.1", exchange -> TestingOrigin.serve(exchange, TestingOrigin.content(10_000)));

    assertThatThrownBy(() -> read(hub, new ByteRange(0, 10))).hasMessageContaining("/10000");
  }

  @Test
  void open_originStalls_isTakenUpAgain() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    TestingOrigin hub =
        origin(
            "127.0.0.1",
            exchange -> {
              if (requests.getAndIncrement() == 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
                exchange.sendResponseHeaders(206, CONTENT.length);
                exchange.getResponseBody().write(CONTENT, 0, 50_000);
                exchange.getResponseBody().flush();
                exchange.getRequestBody().readAllBytes();
                awaitEnough(requests);
              } else {
                TestingOrigin.serve(exchange, CONTENT);
              }
            });

    assertThat(read(hub, ByteRange.all(CONTENT.length))).isEqualTo(CONTENT);
  }

  private static void awaitEnough(AtomicInteger requests) {
    org.awaitility.Awaitility.await().until(() -> requests.get() > 1);
  }

  private byte[] read(TestingOrigin hub, ByteRange range) throws IOException {
    try (InputStream stream = source(hub, reference()).open(COMMIT, file(), range)) {
      return stream.readAllBytes();
    }
  }

  private HuggingFaceSource source(TestingOrigin hub, HubReference reference) {
    return source(hub, reference, Optional.of("secret"));
  }

  private HuggingFaceSource source(
      TestingOrigin hub, HubReference reference, Optional<String> token) {
    return new HuggingFaceSource(http, hub.uri(), reference, () -> token, OriginHttp.Meter.NONE);
  }

  private static HubReference reference() {
    return new HubReference("org/name", "main", null, List.of(), List.of());
  }

  private static ManifestFile file() {
    return ManifestFile.verified("model.safetensors", CONTENT.length, Digest.sha256(SHA));
  }

  private static void hub(HttpExchange exchange, String tree) throws IOException {
    TestingOrigin.text(
        exchange,
        200,
        exchange.getRequestURI().getPath().contains("/tree/")
            ? tree
            : "{\"sha\":\"" + COMMIT + "\"}");
  }

  private static String entries() {
    return "[{\"type\":\"directory\",\"path\":\"d\",\"oid\":\"x\",\"size\":0},"
        + entry("model.safetensors")
        + ",{\"type\":\"file\",\"path\":\"config.json\",\"size\":12,\"oid\":\""
        + COMMIT
        + "\"}]";
  }

  private static String entry(String path) {
    return "{\"type\":\"file\",\"path\":\""
        + path
        + "\",\"size\":1000,\"oid\":\""
        + COMMIT
        + "\",\"lfs\":{\"oid\":\""
        + SHA
        + "\",\"size\":1000,\"pointerSize\":133}}";
  }

  private TestingOrigin origin(String host, TestingOrigin.Answer answer) {
    TestingOrigin origin = new TestingOrigin(host, answer);
    origins.add(origin);
    return origin;
  }
}
