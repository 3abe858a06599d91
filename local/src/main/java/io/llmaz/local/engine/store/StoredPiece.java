package io.llmaz.local.engine.store;

import java.time.Instant;
import java.util.Objects;

/**
 * A piece whose bytes are in the content file.
 *
 * @param number its place in the file, from 0
 * @param crc32 CRC-32 (IEEE) of its bytes, unsigned
 * @param fromSource whether this node read it from the source, not from a peer
 * @param storedAt when its last byte was written
 */
public record StoredPiece(int number, long crc32, boolean fromSource, Instant storedAt) {
  public StoredPiece {
    if (number < 0) {
      throw new IllegalArgumentException("piece number is negative: " + number);
    }
    if (crc32 != (crc32 & 0xffffffffL)) {
      throw new IllegalArgumentException("not an unsigned 32-bit checksum: " + crc32);
    }
    Objects.requireNonNull(storedAt, "storedAt is null");
  }

  /** Dragonfly's text form of the checksum, {@code crc32:<decimal>}. */
  public String digest() {
    return "crc32:" + crc32;
  }
}
