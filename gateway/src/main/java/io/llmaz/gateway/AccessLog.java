package io.llmaz.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line a request, at info under {@code io.llmaz.gateway.access}; probes and scrapes at debug.
 * Queries hold signatures and headers tokens: of them only the task's name and the range are
 * written, and only when they look like what they should be. Paths stay percent-encoded, so that no
 * caller can write a line of its own.
 */
final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("io.llmaz.gateway.access");
  private static final Pattern TASK = Pattern.compile("(?:^|&)task=([a-z0-9.-]{1,253})(?:&|$)");
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,19}-[0-9]{0,19})");

  private static final Pattern LENGTH = Pattern.compile("([0-9]+)");

  private AccessLog() {}

  /**
   * Writes a line.
   *
   * @param whole whether the body was written to its end
   */
  static void write(HttpExchange exchange, int status, boolean whole, Duration took) {
    String path = exchange.getRequestURI().getRawPath();
    String line =
        "%s %s %s task=%s range=%s %d %s bytes%s %d ms"
            .formatted(
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                exchange.getRequestMethod(),
                path,
                first(TASK, exchange.getRequestURI().getRawQuery()),
                first(RANGE, exchange.getRequestHeaders().getFirst("Range")),
                status,
                first(LENGTH, exchange.getResponseHeaders().getFirst("Content-Length")),
                whole ? "" : " (broke off)",
                took.toMillis());
    if (path.startsWith("/v")) {
      log.info("{}", line);
    } else {
      log.debug("{}", line);
    }
  }

  private static String first(Pattern pattern, @Nullable String text) {
    if (text == null) {
      return "-";
    }
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "-";
  }
}
