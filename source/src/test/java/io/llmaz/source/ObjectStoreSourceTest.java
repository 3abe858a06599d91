package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ObjectStoreSourceTest {
  private static final String MD5 = "781e5e245d69b566979b86e28d23f2c7"; // Of "0123456789".
  private static final ObjectStoreKey KEY = new ObjectStoreKey("id", "secret");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final TestingOrigin store = new TestingOrigin("127.0.0.1", this::answer);

  @AfterEach
  void stop() {
    store.close();
  }

  /** Two pages; checks every signature as a store does, from what was received. */
  private void answer(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString();
    String expected =
        new SigV4(KEY, "here")
            .headers(store.uri().resolve(uri), java.util.Map.of(), NOW)
            .getOrDefault("Authorization", "");
    if (!TestingOrigin.header(exchange, "Authorization").equals(expected)) {
      TestingOrigin.text(exchange, 403, "SignatureDoesNotMatch");
    } else if (uri.contains("list-type=2") && !uri.contains("continuation-token")) {
      TestingOrigin.text(
          exchange,
          200,
          page(
              "<IsTruncated>true</IsTruncated><NextContinuationToken>a+/=</NextContinuationToken>"
                  + entry("m/x/", 0, "d41d8cd98f00b204e9800998ecf8427e")
                  + entry("m/x/a b.json", 10, MD5)
                  + entry("m/xy/other.json", 10, MD5)));
    } else if (uri.contains("list-type=2")) {
      assertThat(uri).contains("continuation-token=a%2B%2F%3D");
      TestingOrigin.text(
          exchange,
          200,
          page("<IsTruncated>false</IsTruncated>" + entry("m/x/deep/w.bin", 10, MD5 + "-2")));
    } else if (!TestingOrigin.header(exchange, "If-Match").startsWith("\"" + MD5)) {
      TestingOrigin.text(exchange, 412, "");
    } else {
      TestingOrigin.serve(exchange, "0123456789".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void resolve_aDirectory_readsEveryPageAndNothingBeside() {
    assertThat(source("m/x").resolve().files())
        .containsExactly(
            ManifestFile.verified("a b.json", 10, new Digest(Digest.Algorithm.MD5, MD5)),
            ManifestFile.unverified(
                "deep/w.bin", 10, store.uri() + "/bucket/m/x/deep/w.bin#" + MD5 + "-2"));
  }

  @Test
  void resolve_anObject_isThatFile() {
    Manifest manifest = source("m/x/a b.json").resolve();

    assertThat(manifest.files()).extracting(ManifestFile::path).containsExactly("a b.json");
    assertThat(manifest.revision()).isEqualTo(MD5);
  }

  @Test
  void resolve_aGgufThatIsNotThere_isAUserError() {
    assertThatThrownBy(() -> source("m/x/deep.gguf").resolve())
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.USER));
  }

  @Test
  void open_aFileOfADirectory_givesItsBytes() throws IOException {
    Manifest manifest = source("m/x").resolve();

    for (ManifestFile file : manifest.files()) {
      try (InputStream in = source("m/x").open(manifest.revision(), file, new ByteRange(2, 3))) {
        assertThat(in.readAllBytes()).isEqualTo(new byte[] {'2', '3', '4'});
      }
    }
  }

  @Test
  void open_anObject_givesItsBytes() throws IOException {
    Manifest manifest = source("m/x/a b.json").resolve();

    try (InputStream in =
        source("m/x/a b.json")
            .open(manifest.revision(), manifest.files().getFirst(), ByteRange.all(10))) {
      assertThat(in.readAllBytes()).hasSize(10);
    }
  }

  @Test
  void open_anObjectWrittenAnew_saysThatItChanged() {
    ManifestFile old =
        ManifestFile.verified("a b.json", 10, new Digest(Digest.Algorithm.MD5, "0".repeat(32)));

    assertThatThrownBy(() -> source("m/x").open("sha256:0", old, ByteRange.all(10)))
        .hasMessageContaining("changed at its source");
  }

  @Test
  void resolve_withAWrongKey_saysSoAndNotTheSecret() {
    ObjectStoreKey wrong = new ObjectStoreKey("id", "wrong-secret");

    assertThatThrownBy(() -> source("m/x", Optional.of(wrong)).resolve())
        .hasMessageContaining("access key")
        .hasMessageNotContaining("wrong-secret");
  }

  @Test
  void resolve_aPrivateBucketWithoutKey_saysThatThereIsNone() {
    assertThatThrownBy(() -> source("m/x", Optional.empty()).resolve())
        .hasMessageContaining("there is no access key");
  }

  @Test
  void read_aListingWithAnEntity_isRefused() {
    String bomb = "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><ListBucketResult/>";

    assertThatThrownBy(() ->
            ObjectListing.read(
                new java.io.ByteArrayInputStream(
                    bomb.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void addresses_ofEachStore_areInItsStyle() {
    java.net.URI endpoint = java.net.URI.create("https://oss-cn-x-internal.aliyuncs.com");

    assertThat(ObjectStore.oss(endpoint, "buck").object("a/b c").toString())
        .isEqualTo("https://buck.oss-cn-x-internal.aliyuncs.com/a/b%20c");
    assertThat(ObjectStore.oss(endpoint, "buck").region()).isEqualTo("oss-cn-x");
    assertThat(ObjectStore.s3(store.uri(), "buck", "r", true).object("k").getPath())
        .isEqualTo("/buck/k");
    assertThat(ObjectStore.gcs(java.net.URI.create("https://g"), "buck").base().toString())
        .isEqualTo("https://g/buck");
  }

  private ObjectStoreSource source(String path) {
    return source(path, Optional.of(KEY));
  }

  private ObjectStoreSource source(String path, Optional<ObjectStoreKey> key) {
    return new ObjectStoreSource(
        TestingOrigin.http(),
        ObjectStore.s3(store.uri(), "bucket", "here", true),
        path,
        () -> key.map(k -> ObjectStoreSigner.of(k, "here")),
        () -> NOW,
        OriginHttp.Meter.NONE);
  }

  private static String page(String inside) {
    return "<?xml version=\"1.0\"?><ListBucketResult"
        + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + inside
        + "</ListBucketResult>";
  }

  private static String entry(String key, int size, String etag) {
    return "<Contents><Key>%s</Key><Size>%d</Size><ETag>&quot;%s&quot;</ETag></Contents>"
        .formatted(key, size, etag);
  }
}
