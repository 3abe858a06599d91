package io.llmaz.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that signs links, and those that still verify them. A key that signs no more is honoured
 * for one lifetime of a link, as no good link of it lives longer; so a key is rotated by writing
 * the Secret, and one that leaked is worthless a lifetime later.
 *
 * <p>The stored keys are read again after half a minute, and at once (at most once a second) when a
 * link is of none of them: another replica may know a new key before us. Safe for many threads.
 */
final class KeyRing {
  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);
  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Supplier<List<byte[]>> stored;
  private final Duration lifetime;
  private final InstantSource clock;
  private List<byte[]> current = List.of();
  // In hexadecimal, as arrays are no keys: when each was first seen not to sign.
  private final Map<String, Instant> retired = new LinkedHashMap<>();
  private Instant read = Instant.MIN;

  /**
   * A ring.
   *
   * @param stored the key that signs, then others that may verify; never empty
   * @param lifetime of a link
   */
  KeyRing(Supplier<List<byte[]>> stored, Duration lifetime, InstantSource clock) {
    this.stored = stored;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** The key for new links. */
  synchronized byte[] signing() {
    readAfter(KEPT);
    return current.getFirst();
  }

  /** Every key whose links are good. */
  synchronized List<byte[]> honoured() {
    readAfter(KEPT);
    Instant oldest = clock.instant().minus(lifetime);
    List<byte[]> keys = new ArrayList<>(List.of(current.getFirst()));
    retired.forEach((key, since) -> {
      if (since.isAfter(oldest)) {
        keys.add(HexFormat.of().parseHex(key));
      }
    });
    return keys;
  }

  /** Looks for new keys; false when it did so a moment ago. */
  synchronized boolean refresh() {
    return readAfter(SHORTEST);
  }

  private boolean readAfter(Duration age) {
    Instant now = clock.instant();
    if (!current.isEmpty() && now.isBefore(read.plus(age))) {
      return false;
    }
    List<byte[]> before = current;
    try {
      current = List.copyOf(stored.get());
    } catch (RuntimeException e) {
      if (before.isEmpty()) {
        throw e;
      }
      log.warn("the keys of links cannot be read, going on with those we have: {}", e.getMessage());
    }
    read = now;
    before.forEach(key -> retired.putIfAbsent(HexFormat.of().formatHex(key), now));
    current.forEach(key -> retired.putIfAbsent(HexFormat.of().formatHex(key), now));
    retired.remove(HexFormat.of().formatHex(current.getFirst()));
    return true;
  }
}
