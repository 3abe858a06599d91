package io.llmaz.local.hub;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a link carries.
 *
 * @param bytesPerSecond above zero
 */
public record Bandwidth(long bytesPerSecond) {
  private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-zA-Z/]+)");
  private static final Map<String, Long> BITS =
      Map.of("kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);
  private static final Map<String, Long> BYTES =
      Map.of("kb/s", 1_000L, "mb/s", 1_000_000L, "gb/s", 1_000_000_000L);

  public Bandwidth {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("a link carries more than " + bytesPerSecond + " bytes/s");
    }
  }

  /**
   * Reads {@code 200Mbit}, {@code 1.5Gbit} (bits each second, as {@code tc} writes them) or {@code
   * 25MB/s}; the case does not matter.
   *
   * @throws IllegalArgumentException with the text and the units it may have
   */
  public static Bandwidth parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (matcher.matches()) {
      String unit = matcher.group(2).toLowerCase(Locale.ROOT);
      BigDecimal amount = new BigDecimal(matcher.group(1));
      if (BITS.containsKey(unit)) {
        return bytes(amount.multiply(BigDecimal.valueOf(BITS.get(unit) / 8)), text);
      }
      if (BYTES.containsKey(unit)) {
        return bytes(amount.multiply(BigDecimal.valueOf(BYTES.get(unit))), text);
      }
    }
    throw new IllegalArgumentException(
        "not a bandwidth: \"" + text + "\"; write for example 200Mbit, 1.5Gbit or 25MB/s");
  }

  private static Bandwidth bytes(BigDecimal bytes, String text) {
    if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(1L << 50)) > 0) {
      throw new IllegalArgumentException("a bandwidth out of all bounds: \"" + text + "\"");
    }
    return new Bandwidth(bytes.longValue());
  }

  /** How long some bytes take on an idle link. */
  public Duration timeFor(long bytes) {
    return Duration.ofNanos((long) (bytes * (1e9 / bytesPerSecond)));
  }

  @Override
  public String toString() {
    return BigDecimal.valueOf(bytesPerSecond * 8)
            .movePointLeft(6)
            .stripTrailingZeros()
            .toPlainString()
        + "Mbit";
  }
}
