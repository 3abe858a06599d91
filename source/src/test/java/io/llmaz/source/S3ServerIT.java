package io.llmaz.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.parts.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Buckets of a real S3 server, which checks our signatures and preconditions by itself. */
@EnabledIf("io.llmaz.parts.S3Server#installed")
final class S3ServerIT {
  private static final ObjectStoreKey KEY = new ObjectStoreKey("testid", "test/secret+key");
  private static final byte[] WEIGHTS = TestingOrigin.content(2_500_000);
  private static final int MANY = 1_100; // More than one page of a listing.

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = new S3Server(folder, KEY.id(), KEY.secret());
    Path many = Files.createDirectories(server.bucket("models").resolve("many/deep"));
    for (int i = 0; i < MANY; i++) {
      Files.writeString(many.resolve("part-%04d.json".formatted(i)), "{}");
    }
    server.put("models", "org/m/model.safetensors", WEIGHTS);
    Files.writeString(server.bucket("models").resolve("org/m/a b+c=d.json"), "{}");
    server.put("models", "org/m2/other.json", "{}".getBytes(UTF_8));
    server.put("models", "org/w.gguf", WEIGHTS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void resolve_aDirectory_namesItsFilesWithTheirDigests() {
    Manifest manifest = source("org/m").resolve();

    assertThat(manifest.files())
        .extracting(ManifestFile::path)
        .containsExactlyInAnyOrder("model.safetensors", "a b+c=d.json");
    assertThat(manifest.files())
        .filteredOn(file -> file.path().startsWith("model"))
        .extracting(ManifestFile::digest)
        .containsExactly(md5(WEIGHTS));
  }

  @Test
  void resolve_moreThanOnePage_readsAll() {
    List<ManifestFile> files = source("many").resolve().files();

    assertThat(files).hasSize(MANY);
    assertThat(files)
        .extracting(ManifestFile::path)
        .contains("deep/part-0000.json", "deep/part-1099.json")
        .doesNotHaveDuplicates();
  }

  @Test
  void open_anyRange_givesItsBytes() throws IOException {
    Manifest manifest = source("org/m").resolve();
    ManifestFile file = file(manifest, "model.safetensors");

    for (ByteRange range :
        List.of(
            ByteRange.all(WEIGHTS.length),
            new ByteRange(0, 1),
            new ByteRange(1_000_000, 500_001),
            new ByteRange(WEIGHTS.length - 1, 1))) {
      try (InputStream in = source("org/m").open(manifest.revision(), file, range)) {
        assertThat(in.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(WEIGHTS, (int) range.start(), (int) range.end()));
      }
    }
  }

  @Test
  void open_aNameThatMustBeEncoded_isSignedRight() throws IOException {
    Manifest manifest = source("org/m").resolve();

    try (InputStream in =
        source("org/m")
            .open(manifest.revision(), file(manifest, "a b+c=d.json"), ByteRange.all(2))) {
      assertThat(in.readAllBytes()).isEqualTo("{}".getBytes(UTF_8));
    }
  }

  @Test
  void open_anObject_isThatFile() throws IOException {
    Manifest manifest = source("org/w.gguf").resolve();

    assertThat(manifest.files()).extracting(ManifestFile::path).containsExactly("w.gguf");
    try (InputStream in =
        source("org/w.gguf")
            .open(manifest.revision(), manifest.files().getFirst(), new ByteRange(7, 3))) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(WEIGHTS, 7, 10));
    }
  }

  @Test
  void open_anObjectWrittenAnew_isRefusedByTheStore() throws Exception {
    server.put("models", "changing/w.bin", "one version".getBytes(UTF_8));
    Manifest manifest = source("changing").resolve();
    server.put("models", "changing/w.bin", "two version".getBytes(UTF_8));

    assertThatThrownBy(() ->
            source("changing")
                .open(manifest.revision(), manifest.files().getFirst(), ByteRange.all(11)))
        .hasMessageContaining("changed at its source");
  }

  @Test
  void open_anObjectThatIsGone_isAUserError() throws Exception {
    server.put("models", "going/w.bin", "gone".getBytes(UTF_8));
    Manifest manifest = source("going").resolve();
    Files.delete(server.bucket("models").resolve("going/w.bin"));

    assertUserError(
        () ->
            source("going")
                .open(manifest.revision(), manifest.files().getFirst(), ByteRange.all(4)),
        "has no w.bin");
  }

  @Test
  void resolve_withAWrongSecret_saysSoAndNotTheSecret() {
    assertThatThrownBy(() ->
            source("models", "org/m", Optional.of(new ObjectStoreKey(KEY.id(), "wrong-secret")))
                .resolve())
        .hasMessageContaining("access key")
        .hasMessageNotContaining("wrong-secret");
  }

  @Test
  void resolve_withAnUnknownKey_tellsTheStoresOwnWords() {
    // This store answers 404, as for a bucket that is not there.
    assertUserError(
        () ->
            source("models", "org/m", Optional.of(new ObjectStoreKey("nobody", KEY.secret())))
                .resolve(),
        "access key");
  }

  @Test
  void resolve_withoutAKey_saysThatThereIsNone() {
    assertUserError(
        () -> source("models", "org/m", Optional.empty()).resolve(), "there is no access key");
  }

  @Test
  void resolve_aBucketThatIsNotThere_isNamed() {
    assertUserError(
        () -> source("nowhere", "org/m", Optional.of(KEY)).resolve(), "no bucket nowhere");
  }

  @Test
  void resolve_nothingBelowThePath_isAUserError() {
    assertUserError(() -> source("org/none").resolve(), "no object at or below");
  }

  private static void assertUserError(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.USER))
        .hasMessageContaining(words);
  }

  private static Digest md5(byte[] content) {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.MD5, content.length);
    hasher.update(content, 0, content.length);
    return hasher.digest();
  }

  private static ManifestFile file(Manifest manifest, String path) {
    return manifest.files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static ObjectStoreSource source(String path) {
    return source("models", path, Optional.of(KEY));
  }

  private static ObjectStoreSource source(
      String bucket, String path, Optional<ObjectStoreKey> key) {
    return new ObjectStoreSource(
        TestingOrigin.http(),
        ObjectStore.s3(server.endpoint(), bucket, S3Server.REGION, true),
        path,
        () -> key.map(k -> ObjectStoreSigner.of(k, S3Server.REGION)),
        InstantSource.system(),
        OriginHttp.Meter.NONE);
  }
}
