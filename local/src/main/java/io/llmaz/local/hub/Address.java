package io.llmaz.local.hub;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a request's address; each is decoded after it was split off. */
final class Address {

  private Address() {}

  static List<String> segments(String rawPath) {
    return Arrays.stream(rawPath.split("/", -1))
        .filter(segment -> !segment.isEmpty())
        .map(segment -> decode(segment.replace("+", "%2B")))
        .toList();
  }

  static Map<String, String> query(@Nullable String rawQuery) {
    Map<String, String> query = new HashMap<>();
    if (rawQuery != null) {
      for (String pair : rawQuery.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
