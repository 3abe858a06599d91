package io.llmaz.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A manifest as canonical JSON: sorted keys, sorted files, no white space. */
public final class ManifestJson {
  /** More than any repository's listing; a bound for what is unpacked. */
  private static final int LARGEST_JSON = 64 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ManifestJson() {}

  /** The canonical JSON, in UTF-8. */
  public static byte[] write(Manifest manifest) {
    try {
      return MAPPER.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException when it is not one, or names an unsafe file
   */
  public static Manifest read(byte[] json) {
    try {
      return MAPPER.readValue(json, Manifest.class);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a manifest: " + e.getMessage(), e);
    }
  }

  /** The canonical JSON, gzipped. */
  public static byte[] writeGzip(Manifest manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(write(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #writeGzip} wrote.
   *
   * @throws IllegalArgumentException as {@link #read}, or when it is not gzip
   */
  public static Manifest readGzip(byte[] gzipped) {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
      return read(gzip.readNBytes(LARGEST_JSON));
    } catch (IOException e) {
      throw new IllegalArgumentException("not a gzipped manifest: " + e.getMessage(), e);
    }
  }

  /** The sha256 of the canonical JSON: the manifest's identity. */
  public static Digest identity(Manifest manifest) {
    byte[] json = write(manifest);
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, json.length);
    hasher.update(json, 0, json.length);
    return hasher.digest();
  }
}
