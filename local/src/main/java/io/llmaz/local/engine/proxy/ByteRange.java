package io.llmaz.local.engine.proxy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a {@code Range} header asks for; of several ranges the first, as
 * Dragonfly does.
 *
 * @param first position of the first byte
 * @param length bytes, at least 1
 */
record ByteRange(long first, long length) {
  private static final Pattern FORM =
      Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*(?:,.*)?");

  /** A range no byte of the file is in. */
  static final class UnsatisfiableException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads the header. A header of another form is as if there were none, which HTTP allows.
   *
   * @return empty for the whole file
   * @throws UnsatisfiableException when the answer must be 416
   */
  static Optional<ByteRange> parse(@Nullable String header, long contentLength)
      throws UnsatisfiableException {
    Matcher matcher = FORM.matcher(header == null ? "" : header);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty() && to.isEmpty()) {
      return Optional.empty();
    }
    if (from.isEmpty()) {
      long suffix = Math.min(Long.parseLong(to), contentLength);
      if (suffix == 0) {
        throw new UnsatisfiableException();
      }
      return Optional.of(new ByteRange(contentLength - suffix, suffix));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? contentLength - 1 : Math.min(Long.parseLong(to), contentLength - 1);
    if (!to.isEmpty() && Long.parseLong(to) < first) {
      return Optional.empty();
    }
    if (first >= contentLength) {
      throw new UnsatisfiableException();
    }
    return Optional.of(new ByteRange(first, last - first + 1));
  }

  long last() {
    return first + length - 1;
  }
}
