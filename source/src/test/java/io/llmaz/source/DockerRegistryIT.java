package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.parts.DockerRegistry;
import io.llmaz.parts.ImagePush;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Images of a real registry, behind each way to log in. */
@EnabledIf("io.llmaz.parts.DockerRegistry#installed")
final class DockerRegistryIT {
  // Of the password "right", at bcrypt's lowest cost.
  private static final String HTPASSWD =
      "user:$2y$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC";
  private static final byte[] LAYER = TestingOrigin.content(300_000);
  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

  private static Path storage;
  private static String indexDigest = "";

  @BeforeAll
  static void push(@TempDir Path folder) throws Exception {
    storage = folder;
    try (DockerRegistry registry = DockerRegistry.open(storage)) {
      ImagePush push = new ImagePush(registry.address(), "team/app");
      String amd64 = push.image("amd64", "{}".getBytes(StandardCharsets.UTF_8), new byte[10]);
      String arm64 = push.image("arm64", "{ }".getBytes(StandardCharsets.UTF_8), LAYER);
      String index =
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
              .formatted(INDEX_TYPE, amd64, arm64);
      indexDigest = push.manifest("v1", INDEX_TYPE, index);
    }
  }

  @Test
  void resolve_anIndex_givesThePlatformsBlobs() throws Exception {
    try (DockerRegistry registry = DockerRegistry.open(storage)) {
      assertLoads(source(registry, ":v1", Optional.empty()));
    }
  }

  @Test
  void resolve_byDigest_isTheSameImage() throws Exception {
    try (DockerRegistry registry = DockerRegistry.open(storage)) {
      assertThat(source(registry, "@" + indexDigest, Optional.empty()).resolve().revision())
          .isEqualTo(indexDigest);
    }
  }

  @Test
  void resolve_aTagThatIsNotThere_isAUserError() throws Exception {
    try (DockerRegistry registry = DockerRegistry.open(storage)) {
      assertUserError(source(registry, ":v2", Optional.empty()), "has no image team/app with v2");
    }
  }

  @Test
  void resolve_withPassword_logsIn() throws Exception {
    try (DockerRegistry registry = DockerRegistry.withPasswords(storage, HTPASSWD)) {
      assertLoads(source(registry, ":v1", Optional.of("user:right")));
    }
  }

  @Test
  void resolve_withAWrongPasswordOrNone_saysWhich() throws Exception {
    try (DockerRegistry registry = DockerRegistry.withPasswords(storage, HTPASSWD)) {
      assertUserError(
          source(registry, ":v1", Optional.of("user:wrong")), "the account has no access to it");
      assertUserError(
          source(registry, ":v1", Optional.empty()), "there is no account for the registry");
    }
  }

  @Test
  void resolve_withAToken_asksItsRealmForOne() throws Exception {
    try (TestingTokenServer tokens = new TestingTokenServer(storage, "user:right");
        DockerRegistry registry = tokens.registry(storage)) {
      assertLoads(source(registry, ":v1", Optional.of("user:right")));
      assertThat(tokens.scopes()).containsOnly("repository:team/app:pull");
    }
  }

  @Test
  void resolve_whenTheRealmRefuses_isAUserErrorWithoutThePassword() throws Exception {
    try (TestingTokenServer tokens = new TestingTokenServer(storage, "user:right");
        DockerRegistry registry = tokens.registry(storage)) {
      assertUserError(
          source(registry, ":v1", Optional.of("user:wrong")), "the account has no access to it");
    }
  }

  private static void assertUserError(RegistrySource source, String words) {
    assertThatThrownBy(source::resolve)
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.USER))
        .hasMessageContaining(words)
        .hasMessageNotContaining("wrong");
  }

  private static void assertLoads(RegistrySource source) throws IOException {
    Manifest manifest = source.resolve();
    assertThat(manifest.revision()).isEqualTo(indexDigest);
    assertThat(manifest.files()).hasSize(2);
    ManifestFile layer =
        manifest.files().stream().filter(f -> f.size() == LAYER.length).findFirst().orElseThrow();
    try (InputStream in =
        source.open(manifest.revision(), layer, new ByteRange(1000, LAYER.length - 1000))) {
      assertThat(in.readAllBytes())
          .isEqualTo(java.util.Arrays.copyOfRange(LAYER, 1000, LAYER.length));
    }
  }

  private static RegistrySource source(
      DockerRegistry registry, String wanted, Optional<String> account) {
    return new RegistrySource(
        TestingOrigin.http(),
        ImageName.parse(registry.address() + "/team/app" + wanted),
        List.of("linux/arm64"),
        true,
        host -> account.filter(a -> host.equals(registry.address())),
        OriginHttp.Meter.NONE);
  }
}
