package io.llmaz.cli.demo;

import java.util.Locale;

/** Sizes as people read them: {@code 812 B}, {@code 86.2 MiB}. */
final class ByteText {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

  private ByteText() {}

  static String of(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
