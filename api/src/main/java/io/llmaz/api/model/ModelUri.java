package io.llmaz.api.model;

import java.util.Locale;

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
   * @throws IllegalArgumentException when it has not exactly one {@code ://}
   */
  public static ModelUri parse(String uri) {
    String[] parts = uri.split("://", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("URI with wrong format: " + uri);
    }
    return new ModelUri(parts[0].toUpperCase(Locale.ROOT), parts[1]);
  }

  /** The address's last part; a slash at its end does not count. */
  String lastSegment() {
    String trimmed = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }
}
