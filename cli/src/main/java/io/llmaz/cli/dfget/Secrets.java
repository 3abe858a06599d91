package io.llmaz.cli.dfget;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what was given in confidence out of what others say: a daemon may repeat its request. */
final class Secrets {
  private final List<String> values;

  Secrets(List<String> values) {
    // A secret may begin with another.
    this.values =
        values.stream()
            .filter(value -> !value.isEmpty())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  String hiddenIn(@Nullable String text) {
    String shown = String.valueOf(text);
    for (String value : values) {
      shown = shown.replace(value, "***");
    }
    return shown;
  }
}
