package io.llmaz.gateway;

import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.util.Random;

/** Bytes of files, the same in each run. */
final class TestingContent {
  private TestingContent() {}

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static Digest sha256(byte[] content) {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, content.length);
    hasher.update(content, 0, content.length);
    return hasher.digest();
  }
}
