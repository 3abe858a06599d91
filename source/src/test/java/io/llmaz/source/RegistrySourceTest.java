package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistrySourceTest {
  private static final String CONFIG = "sha256:" + "a".repeat(64);
  private static final String LAYER = "sha256:" + "b".repeat(64);
  private static final String MANIFEST =
      "{\"config\":{\"digest\":\""
          + CONFIG
          + "\",\"size\":10},\"layers\":[{\"digest\":\""
          + LAYER
          + "\",\"size\":20},{\"digest\":\""
          + LAYER
          + "\",\"size\":20}]}";

  @ParameterizedTest
  @CsvSource({
    "busybox, registry-1.docker.io, library/busybox, latest",
    "vllm/vllm-openai:v0.7.3, registry-1.docker.io, vllm/vllm-openai, v0.7.3",
    "docker.io/library/busybox:1, registry-1.docker.io, library/busybox, 1",
    "ghcr.io/a/b/c:d, ghcr.io, a/b/c, d",
    "localhost:5000/x, localhost:5000, x, latest"
  })
  void parse_reference_isWrittenOut(String text, String registry, String repository, String tag) {
    ImageName name = ImageName.parse(text);

    assertThat(name).isEqualTo(new ImageName(registry, repository, tag, null));
  }

  @Test
  void parse_malformed_isAUserError() {
    assertThatThrownBy(() -> ImageName.parse("Not An Image"))
        .hasMessageContaining("not an image reference");
  }

  @Test
  void resolve_tokenChallenge_isMetAndLayersAreListedOnce() {
    try (TestingOrigin registry =
        new TestingOrigin("127.0.0.1", RegistrySourceTest::protectedImage)) {
      Manifest manifest = source(TestingOrigin.http(), registry.uri()).resolve();

      assertThat(manifest.files())
          .extracting(file -> String.valueOf(file.digest()))
          .containsExactly(CONFIG, LAYER);
      assertThat(manifest.revision()).startsWith("sha256:");
    }
  }

  @Test
  void resolve_unknownImage_isAUserErrorThatNamesIt() {
    try (TestingOrigin registry =
        new TestingOrigin("127.0.0.1", exchange -> TestingOrigin.text(exchange, 404, "{}"))) {
      assertThatThrownBy(() -> source(TestingOrigin.http(), registry.uri()).resolve())
          .hasMessageContaining("no image org/app with v1");
    }
  }

  @Test
  void open_byASourceThatNeverLoggedIn_meetsTheChallenge() throws IOException {
    byte[] content = TestingOrigin.content(10);
    try (TestingOrigin registry =
        new TestingOrigin("127.0.0.1", exchange -> protectedBlob(exchange, content, "t"))) {
      assertThat(read(source(TestingOrigin.http(), registry.uri()))).isEqualTo(content);
    }
  }

  @Test
  void open_withATokenThatExpired_logsInAgain() throws IOException {
    byte[] content = TestingOrigin.content(10);
    java.util.concurrent.atomic.AtomicReference<String> valid =
        new java.util.concurrent.atomic.AtomicReference<>("first");
    try (TestingOrigin registry =
        new TestingOrigin("127.0.0.1", exchange -> protectedBlob(exchange, content, valid.get()))) {
      RegistrySource source = source(TestingOrigin.http(), registry.uri());
      read(source);
      valid.set("second");

      assertThat(read(source)).isEqualTo(content);
    }
  }

  private static byte[] read(RegistrySource source) throws IOException {
    ManifestFile blob = ManifestFile.verified("blob", 10, Digest.parse(LAYER));
    try (java.io.InputStream stream = source.open("r", blob, ByteRange.all(10))) {
      return stream.readAllBytes();
    }
  }

  private static void protectedBlob(
      com.sun.net.httpserver.HttpExchange exchange, byte[] content, String token)
      throws IOException {
    if (exchange.getRequestURI().getPath().equals("/token")) {
      TestingOrigin.text(exchange, 200, "{\"token\":\"" + token + "\"}");
    } else if (!TestingOrigin.header(exchange, "Authorization").equals("Bearer " + token)) {
      challenge(exchange);
    } else {
      TestingOrigin.serve(exchange, content);
    }
  }

  private static void challenge(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    exchange
        .getResponseHeaders()
        .set("WWW-Authenticate", "Bearer realm=\"http://" + host + "/token\",service=\"s\"");
    TestingOrigin.text(exchange, 401, "");
  }

  private static void protectedImage(com.sun.net.httpserver.HttpExchange exchange)
      throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/token")) {
      TestingOrigin.text(exchange, 200, "{\"token\":\"t\"}");
    } else if (!TestingOrigin.header(exchange, "Authorization").equals("Bearer t")) {
      challenge(exchange);
    } else {
      TestingOrigin.text(exchange, 200, MANIFEST);
    }
  }

  private static RegistrySource source(OriginHttp http, URI uri) {
    return new RegistrySource(
        http,
        ImageName.parse(uri.getAuthority() + "/org/app:v1"),
        List.of(),
        true,
        registry -> Optional.empty(),
        OriginHttp.Meter.NONE);
  }
}
