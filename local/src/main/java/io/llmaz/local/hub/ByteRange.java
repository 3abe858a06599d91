package io.llmaz.local.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content.
 *
 * @param start first byte
 * @param end the byte after the last
 */
record ByteRange(long start, long end) {
  private static final Pattern HEADER = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  ByteRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no range: " + start + " to " + end);
    }
  }

  long length() {
    return end - start;
  }

  /** A {@code Range} header that cannot be satisfied (RFC 9110, 15.5.17). */
  static final class Unsatisfiable extends Exception {
    private static final long serialVersionUID = 1L;

    Unsatisfiable(String header) {
      super(header);
    }
  }

  /**
   * What a {@code Range} header asks for. Empty when there is none, or one we may ignore: another
   * unit, several ranges, nonsense (RFC 9110, 14.2).
   */
  static Optional<ByteRange> parse(@Nullable String header, long size) throws Unsatisfiable {
    if (header == null) {
      return Optional.empty();
    }
    Matcher matcher = HEADER.matcher(header.strip());
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return Optional.empty();
    }
    if (matcher.group(1).isEmpty()) {
      long last = Long.parseLong(matcher.group(2));
      if (last == 0 || size == 0) {
        throw new Unsatisfiable(header);
      }
      return Optional.of(new ByteRange(Math.max(0, size - last), size));
    }
    long start = Long.parseLong(matcher.group(1));
    long end =
        matcher.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(matcher.group(2)) + 1);
    if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < start) {
      return Optional.empty();
    }
    if (start >= size) {
      throw new Unsatisfiable(header);
    }
    return Optional.of(new ByteRange(start, end));
  }
}
