package io.llmaz.source;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file.
 *
 * @param start offset of the first byte
 * @param length in bytes; zero only for an empty file
 */
public record ByteRange(long start, long length) {
  private static final Pattern HEADER =
      Pattern.compile("bytes=\\s*(\\d*)\\s*-\\s*(\\d*)\\s*(?:,.*)?");

  public ByteRange {
    if (start < 0 || length < 0) {
      throw new IllegalArgumentException("negative range: " + start + "+" + length);
    }
  }

  /** The whole of a file. */
  public static ByteRange all(long size) {
    return new ByteRange(0, size);
  }

  /** The offset after the last byte. */
  public long end() {
    return start + length;
  }

  /** As a {@code Range} header's value; the range must not be empty. */
  public String header() {
    if (length == 0) {
      throw new IllegalStateException("an empty range has no header");
    }
    return "bytes=" + start + "-" + (end() - 1);
  }

  /**
   * Reads a {@code Range} header (RFC 9110, section 14): {@code a-b}, {@code a-} or {@code -n}; of
   * several ranges the first counts.
   *
   * @return empty when the range cannot be satisfied by a file of that size, or is malformed
   */
  public static Optional<ByteRange> parse(String header, long size) {
    Matcher matcher = HEADER.matcher(header.trim());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String first = matcher.group(1);
      String last = matcher.group(2);
      if (first.isEmpty()) {
        if (last.isEmpty()) {
          return Optional.empty();
        }
        long count = Math.min(Long.parseLong(last), size);
        return count == 0 ? Optional.empty() : Optional.of(new ByteRange(size - count, count));
      }
      long start = Long.parseLong(first);
      long end = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
      return start > end ? Optional.empty() : Optional.of(new ByteRange(start, end - start + 1));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }
}
