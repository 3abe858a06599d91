package io.llmaz.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file of a {@link Manifest}.
 *
 * @param path where it belongs below the model's directory, with {@code /}; relative, normal, safe
 *     to resolve against a root (see {@link SafePath})
 * @param size in bytes, zero allowed
 * @param digest what the source says its bytes hash to; null when the source proves nothing, which
 *     users see as {@code unverified}
 * @param origin an identity for a file without digest (for example an etag with its address), so
 *     that it still has a content key; null where there is a digest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestFile(
    String path, long size, @Nullable Digest digest, @Nullable String origin) {

  public ManifestFile {
    SafePath.check(path);
    if (size < 0) {
      throw new IllegalArgumentException("negative size of " + path + ": " + size);
    }
    if (digest == null) {
      Objects.requireNonNull(origin, "a file needs a digest or an origin: " + path);
    } else {
      origin = null;
    }
  }

  /** A file whose source names its digest. */
  public static ManifestFile verified(String path, long size, Digest digest) {
    return new ManifestFile(path, size, digest, null);
  }

  /** A file of which the source proves nothing but an identity. */
  public static ManifestFile unverified(String path, long size, String origin) {
    return new ManifestFile(path, size, null, origin);
  }

  /**
   * The identity of the bytes, the same in every repository, revision and hub: from the digest
   * where there is one. Dragonfly's task id is computed from it, so equal bytes are one task.
   */
  public String contentKey() {
    return digest != null
        ? "llmaz/" + digest + "/" + size
        : "llmaz/unverified/" + Objects.requireNonNull(origin) + "/" + size;
  }

  /** Where the gateway has a model's file, below its own address; equal bytes are at one place. */
  public String blobPath() {
    return "/v1/blobs/" + (digest != null ? digest : "unverified");
  }
}
