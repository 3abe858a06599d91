package io.llmaz.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Hashes a file while its bytes pass, in order. For one thread at a time. */
public final class ContentHasher {
  private final Digest.Algorithm algorithm;
  private final Sink sink;

  private interface Sink {
    void update(byte[] bytes, int offset, int length);

    String hex();
  }

  private ContentHasher(Digest.Algorithm algorithm, Sink sink) {
    this.algorithm = algorithm;
    this.sink = sink;
  }

  /**
   * Starts one.
   *
   * @param size of the whole file, which git's hash begins with
   */
  public static ContentHasher of(Digest.Algorithm algorithm, long size) {
    return new ContentHasher(
        algorithm,
        switch (algorithm) {
          case SHA256 -> messageDigest("SHA-256");
          case MD5 -> messageDigest("MD5");
          case GIT_SHA1 -> {
            Sink sha1 = messageDigest("SHA-1");
            byte[] header = ("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII);
            sha1.update(header, 0, header.length);
            yield sha1;
          }
          case CRC32C -> checksum(new CRC32C(), 8);
          case CRC64 -> checksum(new Crc64(), 16);
        });
  }

  /** The sha256 of a text in UTF-8, in lower-case hex. */
  public static String sha256(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ContentHasher hasher = of(Digest.Algorithm.SHA256, bytes.length);
    hasher.update(bytes, 0, bytes.length);
    return hasher.digest().hex();
  }

  /** Takes the next bytes. */
  public void update(byte[] bytes, int offset, int length) {
    sink.update(bytes, offset, length);
  }

  /** The digest of all that was taken; ends this hasher. */
  public Digest digest() {
    return new Digest(algorithm, sink.hex());
  }

  private static Sink messageDigest(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance(name);
      return new Sink() {
        @Override
        public void update(byte[] bytes, int offset, int length) {
          digest.update(bytes, offset, length);
        }

        @Override
        public String hex() {
          return HexFormat.of().formatHex(digest.digest());
        }
      };
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }

  private static Sink checksum(Checksum checksum, int digits) {
    return new Sink() {
      @Override
      public void update(byte[] bytes, int offset, int length) {
        checksum.update(bytes, offset, length);
      }

      @Override
      public String hex() {
        return HexFormat.of().toHexDigits(checksum.getValue(), digits);
      }
    };
  }
}
