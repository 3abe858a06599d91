package io.llmaz.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The rule for file names that come from a network: relative, normal, and of a length every file
 * system takes. Symbolic links below the root are the concern of whoever opens the file.
 */
public final class SafePath {
  private static final int LONGEST_NAME_BYTES = 255;
  private static final int LONGEST_PATH_BYTES = 4096;

  private SafePath() {}

  /**
   * Checks a path of {@code /}-separated names.
   *
   * @throws IllegalArgumentException naming the path and the rule it breaks
   */
  public static void check(String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("unsafe file name: it is empty");
    }
    if (path.startsWith("/")) {
      throw unsafe(path, "it is absolute");
    }
    if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw unsafe(path, "it holds a control character");
    }
    if (path.indexOf('\\') >= 0) {
      throw unsafe(path, "it holds a backslash");
    }
    if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
      throw unsafe(path, "it is longer than " + LONGEST_PATH_BYTES + " bytes");
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw unsafe(path, "it is not a normal path");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME_BYTES) {
        throw unsafe(path, "a name in it is longer than " + LONGEST_NAME_BYTES + " bytes");
      }
    }
  }

  /**
   * The place of a path below a root.
   *
   * @throws IllegalArgumentException as {@link #check}
   */
  public static Path resolve(Path root, String path) {
    check(path);
    return root.resolve(path);
  }

  private static IllegalArgumentException unsafe(String path, String why) {
    StringBuilder shown = new StringBuilder();
    path.chars()
        .limit(120)
        .forEach(c -> shown.append(c < 0x20 || c == 0x7f ? "\\x%02x".formatted(c) : (char) c));
    return new IllegalArgumentException("unsafe file name \"" + shown + "\": " + why);
  }
}
