package io.llmaz.operator.p2p;

import java.util.Locale;

/** Sizes as Kubernetes' quantities read: {@code 812Mi}, {@code 1.4Gi}. */
final class ByteText {
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

  private ByteText() {}

  static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String format = value < 10 && unit > 0 ? "%.1f%s" : "%.0f%s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }
}
