package io.llmaz.source;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a source says a file's bytes hash to, in the text form {@code algorithm:hex}, for example
 * {@code sha256:9f86…}.
 *
 * @param algorithm how the value was computed
 * @param hex the value in lower-case hex, exactly as long as the algorithm asks
 */
public record Digest(Algorithm algorithm, String hex) {

  /** Algorithms that hubs, registries and object stores publish for their files. */
  public enum Algorithm {
    /** Hugging Face LFS, ModelScope, OCI. */
    SHA256("sha256", 64),
    /**
     * SHA-1 over git's blob header and the content: small files of a Hugging Face repository, whose
     * tree lists it as {@code oid}. The header holds the size, so the size must be known first.
     */
    GIT_SHA1("git-sha1", 40),
    /** Object stores, for objects that were uploaded in one part. */
    MD5("md5", 32),
    /** Google Cloud Storage. */
    CRC32C("crc32c", 8),
    /** OSS ({@code x-oss-hash-crc64ecma}), the ECMA-182 polynomial as in xz. */
    CRC64("crc64", 16);

    private final String label;
    private final int hexLength;

    Algorithm(String label, int hexLength) {
      this.label = label;
      this.hexLength = hexLength;
    }

    /** The name in the text form. */
    public String label() {
      return label;
    }

    static Algorithm of(String label) {
      for (Algorithm algorithm : values()) {
        if (algorithm.label.equals(label)) {
          return algorithm;
        }
      }
      throw new IllegalArgumentException("unknown digest algorithm: " + label);
    }
  }

  public Digest {
    Objects.requireNonNull(algorithm, "algorithm is null");
    hex = hex.toLowerCase(Locale.ROOT);
    if (hex.length() != algorithm.hexLength || !hex.chars().allMatch(c -> isHex((char) c))) {
      throw new IllegalArgumentException(
          "not a " + algorithm.label + " value of " + algorithm.hexLength + " hex digits: " + hex);
    }
  }

  /** A sha256 from its 64 hex digits. */
  public static Digest sha256(String hex) {
    return new Digest(Algorithm.SHA256, hex);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the algorithm is unknown or the value malformed
   */
  @JsonCreator
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a digest is algorithm:hex, not: " + text);
    }
    return new Digest(Algorithm.of(text.substring(0, colon)), text.substring(colon + 1));
  }

  @JsonValue
  @Override
  public String toString() {
    return algorithm.label + ":" + hex;
  }

  // Written out: the JDK makes a record's own of method handles at its first use, which costs the
  // loader, a process of a second, 30 ms.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest
        && algorithm == digest.algorithm
        && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return 31 * algorithm.hashCode() + hex.hashCode();
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
