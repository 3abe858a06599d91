package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

final class SourceProperties {

  @Property
  void parse_anyText_givesARangeWithinTheFileOrNone(
      @ForAll String text, @ForAll @LongRange(min = 0, max = 1L << 50) long size) {
    ByteRange.parse(text, size)
        .ifPresent(range -> assertThat(range.end()).isLessThanOrEqualTo(size));
  }

  @Property
  void parse_ofItsOwnHeader_isTheSameRange(
      @ForAll @LongRange(min = 0, max = 1L << 40) long start,
      @ForAll @LongRange(min = 1, max = 1L << 40) long length) {
    ByteRange range = new ByteRange(start, length);

    assertThat(ByteRange.parse(range.header(), range.end())).contains(range);
  }

  @Property
  void resolve_anyName_staysBelowTheRootOrIsRefused(@ForAll String name) {
    Path root = Path.of("/models").toAbsolutePath();
    try {
      Path resolved = SafePath.resolve(root, name);
      assertThat(resolved.normalize().startsWith(root)).isTrue();
      assertThat(resolved.normalize().equals(resolved) && !resolved.equals(root)).isTrue();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("unsafe file name");
    }
  }

  @Property
  void hasher_inAnyParts_givesTheSameDigest(
      @ForAll @Size(max = 200) byte[] content,
      @ForAll @LongRange(min = 0, max = 200) long cut,
      @ForAll Digest.Algorithm algorithm) {
    int at = (int) Math.min(cut, content.length);
    ContentHasher whole = ContentHasher.of(algorithm, content.length);
    whole.update(content, 0, content.length);
    ContentHasher parts = ContentHasher.of(algorithm, content.length);
    parts.update(content, 0, at);
    parts.update(content, at, content.length - at);

    assertThat(parts.digest()).isEqualTo(whole.digest());
  }

  @Example
  void hasher_knownVectors_agree() {
    byte[] check = "123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(hash(Digest.Algorithm.CRC64, check)).isEqualTo("crc64:995dc9bbdf1939fa");
    assertThat(hash(Digest.Algorithm.CRC32C, check)).isEqualTo("crc32c:e3069283");
    // git hash-object of "what is up, doc?", from the Pro Git book, section 10.2.
    assertThat(
            hash(
                Digest.Algorithm.GIT_SHA1,
                "what is up, doc?".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isEqualTo("git-sha1:bd9dbf5aae1a3862dd1526723246b20206e5fc37");
  }

  @Example
  void manifest_writtenAndRead_isTheSame() {
    Manifest manifest =
        new Manifest(
            "hf://a/b",
            "c",
            List.of(
                ManifestFile.unverified("z", 3, "etag"),
                ManifestFile.verified("a/b", 0, Digest.sha256("0".repeat(64)))));

    assertThat(ManifestJson.readGzip(ManifestJson.writeGzip(manifest))).isEqualTo(manifest);
    assertThat(ManifestJson.identity(ManifestJson.read(ManifestJson.write(manifest))))
        .isEqualTo(ManifestJson.identity(manifest));
  }

  @Example
  void manifest_written_hasSortedKeysAndNoWhiteSpace() {
    Digest digest = Digest.sha256("0".repeat(64));
    Manifest manifest =
        new Manifest(
            "hf://a/b",
            "c",
            List.of(
                ManifestFile.unverified("z", 3, "\"etag\""),
                ManifestFile.verified("a/\u00e9", 0, digest)));

    assertThat(new String(ManifestJson.write(manifest), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"files\":[{\"digest\":\""
                + digest
                + "\",\"path\":\"a/\u00e9\",\"size\":0},"
                + "{\"origin\":\"\\\"etag\\\"\",\"path\":\"z\",\"size\":3}],"
                + "\"revision\":\"c\",\"source\":\"hf://a/b\"}");
  }

  @Example
  void manifest_unsafePathInJson_isRefused() {
    byte[] json =
        "{\"source\":\"s\",\"revision\":\"r\",\"files\":[{\"path\":\"../x\",\"size\":1,\"origin\":\"o\"}]}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);

    assertThatThrownBy(() -> ManifestJson.read(json)).hasMessageContaining("unsafe file name");
  }

  private static String hash(Digest.Algorithm algorithm, byte[] content) {
    ContentHasher hasher = ContentHasher.of(algorithm, content.length);
    hasher.update(content, 0, content.length);
    return hasher.digest().toString();
  }
}
