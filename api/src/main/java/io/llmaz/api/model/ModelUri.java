package io.llmaz.api.model;

import java.util.Locale;
import java.util.Optional;

/**
 * A source's {@code uri}: {@code protocol://address}.
 *
 * @param protocol upper-cased: {@code OSS}, {@code S3}, {@code GCS}, {@code OLLAMA}, {@code HOST}
 * @param address what follows
 */
public record ModelUri(String protocol, String address) {
  /** A directory of the node. */
  public static final String HOST = "HOST";

  /** A model that an ollama server fetches by itself. */
  public static final String OLLAMA = "OLLAMA";

  /** Alibaba's object store: {@code <bucket>.<endpoint>/<path>}. */
  public static final String OSS = "OSS";

  /** An object store with Amazon's protocol: {@code <bucket>/<path>}. */
  public static final String S3 = "S3";

  /** Google's object store: {@code <bucket>/<path>}. */
  public static final String GCS = "GCS";

  /**
   * Splits a URI.
   *
   * @throws IllegalArgumentException when it has not exactly one {@code ://}, with text on both
   *     sides
   */
  public static ModelUri parse(String uri) {
    return split(uri)
        .orElseThrow(() -> new IllegalArgumentException("URI with wrong format: " + uri));
  }

  /** As {@link #parse}; empty where that refuses. */
  static Optional<ModelUri> split(String uri) {
    String[] parts = uri.split("://", -1);
    return parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()
        ? Optional.empty()
        : Optional.of(new ModelUri(parts[0].toUpperCase(Locale.ROOT), parts[1]));
  }

  /** Whether it is in an object store, which the gateway reads. */
  boolean inObjectStore() {
    return protocol.equals(OSS) || protocol.equals(S3) || protocol.equals(GCS);
  }
}
