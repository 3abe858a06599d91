package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModelScopeSourceTest {
  private static final byte[] CONTENT = TestingOrigin.content(1000);
  private static final Digest SHA256 = digest();

  private final TestingOrigin cdn =
      new TestingOrigin("127.0.0.2", exchange -> TestingOrigin.serve(exchange, CONTENT));
  private final TestingOrigin hub = new TestingOrigin("127.0.0.1", this::answer);

  @AfterEach
  void stop() {
    hub.close();
    cdn.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString();
    if (!TestingOrigin.header(exchange, "Authorization").equals("Bearer token")) {
      TestingOrigin.text(exchange, 403, "");
    } else if (uri.equals("/api/v1/models/org/name/repo/files?Recursive=true&Revision=master")) {
      TestingOrigin.text(
          exchange,
          200,
          """
          {"Code": 200, "Data": {"Files": [
            {"Path": "dir", "Type": "tree"},
            {"Path": "dir/w.bin", "Type": "blob", "Size": 1000, "Sha256": "%s"},
            {"Path": "README.md", "Type": "blob", "Size": 5, "Sha256": "", "Revision": "c0"}]}}
          """
              .formatted(SHA256.hex()));
    } else if (uri.equals("/models/org/name/resolve/master/dir/w.bin")) {
      TestingOrigin.redirect(exchange, cdn.uri() + "/signed");
    } else {
      TestingOrigin.text(exchange, 404, "");
    }
  }

  @Test
  void resolve_main_isTheHubsDefaultBranch() {
    Manifest manifest = source("main", "token").resolve();

    assertThat(manifest.files())
        .containsExactly(
            ManifestFile.unverified(
                "README.md", 5, hub.uri() + "/models/org/name/resolve/master/README.md#c0"),
            ManifestFile.verified("dir/w.bin", 1000, SHA256));
    assertThat(manifest.revision()).startsWith("sha256:");
  }

  @Test
  void open_aLargeFile_sendsNoTokenToTheOtherHost() throws IOException {
    ManifestFile file = ManifestFile.verified("dir/w.bin", 1000, SHA256);

    try (InputStream in = source("main", "token").open("r", file, ByteRange.all(1000))) {
      assertThat(in.readAllBytes()).isEqualTo(CONTENT);
    }
    assertThat(cdn.asked).extracting(TestingOrigin.Asked::authorization).containsExactly("-");
  }

  @Test
  void resolve_aBranchThatIsNotThere_namesIt() {
    assertThatThrownBy(() -> source("v9", "token").resolve())
        .hasMessageContaining("branch or tag v9");
  }

  @Test
  void resolve_refused_isAUserErrorWithoutTheToken() {
    assertThatThrownBy(() -> source("main", "wrong-token").resolve())
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.USER))
        .hasMessageNotContaining("wrong-token");
  }

  private ModelScopeSource source(String revision, String token) {
    return new ModelScopeSource(
        TestingOrigin.http(),
        hub.uri(),
        new HubReference("org/name", revision, null, List.of(), List.of()),
        () -> Optional.of(token),
        OriginHttp.Meter.NONE);
  }

  private static Digest digest() {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, CONTENT.length);
    hasher.update(CONTENT, 0, CONTENT.length);
    return hasher.digest();
  }
}
