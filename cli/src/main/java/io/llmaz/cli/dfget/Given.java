package io.llmaz.cli.dfget;

import java.util.function.Function;

/** An option of text that was given is put into a message; an empty one is not in it at all. */
final class Given {
  private Given() {}

  static void of(String value, Function<String, ?> setter) {
    if (!value.isEmpty()) {
      var _ = setter.apply(value);
    }
  }
}
