package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After | 7 | 7",
        "Retry-After | Fri, 2 Jan 2026 03:05:05 GMT | 60",
        "Retry-After | Fri, 2 Jan 2026 03:00:00 GMT | 0",
        "RateLimit | \"resolvers\";r=0;t=55 | 55",
        "RateLimit | \"api\"; t=9; r=0 | 9"
      })
  void pause_asked_isRead(String header, String value, long seconds) {
    assertThat(RateLimit.pause(headers(header, value), NOW)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"api\";r=12;t=55", "\"api\";t=55", "\"api\";r=0", "", "r=x;t=y"})
  void pause_whenRequestsAreLeftOrNothingIsSaid_isNone(String value) {
    assertThat(RateLimit.pause(headers("RateLimit", value), NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "1.5", "99999999999999999999"})
  void pause_thatNobodyCanRead_isNone(String value) {
    assertThat(RateLimit.pause(headers("Retry-After", value), NOW)).isEmpty();
  }

  @Test
  void pause_ofBoth_isRetryAfter() {
    HttpHeaders both =
        HttpHeaders.of(
            Map.of("Retry-After", List.of("3"), "RateLimit", List.of("\"api\";r=0;t=55")),
            (name, value) -> true);

    assertThat(RateLimit.pause(both, NOW)).contains(Duration.ofSeconds(3));
  }

  private static HttpHeaders headers(String name, String value) {
    return HttpHeaders.of(Map.of(name, List.of(value)), (n, v) -> true);
  }
}
