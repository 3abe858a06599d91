package io.llmaz.source;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ManifestJson() {}

  /**
   * The canonical JSON, in UTF-8. Key by key: it is what an identity is taken of, and the loader, a
   * process of a second, would spend tens of milliseconds on looking at records by reflection.
   */
  public static byte[] write(Manifest manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("files");
      for (ManifestFile file : manifest.files()) {
        write(file, json);
      }
      json.writeEndArray();
      json.writeStringField("revision", manifest.revision());
      json.writeStringField("source", manifest.source());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(ManifestFile file, JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (file.digest() != null) {
      json.writeStringField("digest", file.digest().toString());
    }
    if (file.origin() != null) {
      json.writeStringField("origin", file.origin());
    }
    json.writeStringField("path", file.path());
    json.writeNumberField("size", file.size());
    json.writeEndObject();
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
