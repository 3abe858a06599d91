package io.llmaz.source;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a source wants to be left alone, as its answers say: {@code Retry-After} (RFC 9110,
 * section 10.2.3), and {@code RateLimit: "name";r=<requests left>;t=<seconds>} of the IETF's draft
 * (draft-ietf-httpapi-ratelimit-headers), which the Hugging Face Hub sends (source:
 * huggingface.co/docs/hub/rate-limits).
 */
final class RateLimit {
  private static final Pattern LEFT = Pattern.compile("[;,\\s]r=(\\d{1,9})(?=\\D|$)");
  private static final Pattern RESET = Pattern.compile("[;,\\s]t=(\\d{1,9})(?=\\D|$)");

  private RateLimit() {}

  /** What an answer asks for; empty when it asks for nothing, or in a way that nobody can read. */
  static Optional<Duration> pause(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("Retry-After")
        .flatMap(text -> retryAfter(text.trim(), now))
        .or(() -> headers.firstValue("RateLimit").flatMap(RateLimit::untilReset));
  }

  private static Optional<Duration> retryAfter(String text, Instant now) {
    try {
      return text.matches("\\d{1,9}")
          ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
          : Optional.of(untilDate(text, now));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static Duration untilDate(String text, Instant now) {
    Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    Duration until = Duration.between(now, at);
    return until.isNegative() ? Duration.ZERO : until;
  }

  private static Optional<Duration> untilReset(String text) {
    Matcher left = LEFT.matcher(text);
    Matcher reset = RESET.matcher(text);
    return left.find() && Long.parseLong(left.group(1)) == 0 && reset.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(reset.group(1))))
        : Optional.empty();
  }
}
