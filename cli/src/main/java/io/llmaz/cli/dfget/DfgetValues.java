package io.llmaz.cli.dfget;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes in the short forms of Dragonfly's command line. */
final class DfgetValues {
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,12})([a-z]*)");
  private static final long SMALLEST_PIECE = 4L << 20;

  private DfgetValues() {}

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}.
   *
   * @throws IllegalArgumentException naming the text
   */
  static Duration duration(String text) {
    Matcher matcher = match(text, "a duration such as 30s, 10m or 2h");
    long number = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ZERO;
        };
    if (!duration.isPositive() || duration.toDays() > 365) {
      throw new IllegalArgumentException("not a duration such as 30s, 10m or 2h: " + text);
    }
    return duration;
  }

  /**
   * Reads a piece length in bytes: {@code 4mib}, {@code 1gib}.
   *
   * @throws IllegalArgumentException naming the text, also when it is below Dragonfly's least
   */
  static long pieceLength(String text) {
    Matcher matcher = match(text, "a size such as 4mib");
    long number = Long.parseLong(matcher.group(1));
    int shift =
        switch (matcher.group(2)) {
          case "", "b" -> 0;
          case "kib" -> 10;
          case "mib" -> 20;
          case "gib" -> 30;
          default -> throw new IllegalArgumentException("not a size such as 4mib: " + text);
        };
    if (number > Long.MAX_VALUE >> shift || number << shift < SMALLEST_PIECE) {
      throw new IllegalArgumentException("a piece has at least 4mib, not " + text);
    }
    return number << shift;
  }

  private static Matcher match(String text, String what) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not " + what + ": " + text);
    }
    return matcher;
  }
}
