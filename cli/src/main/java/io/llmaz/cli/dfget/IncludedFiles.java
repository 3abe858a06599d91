package io.llmaz.cli.dfget;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One {@code --include-files}: the name of a file, a folder with a slash at its end, or a pattern
 * in which {@code *} stays within a folder and {@code **} does not.
 *
 * @param pattern relative to the folder
 */
record IncludedFiles(String pattern) {
  private static final Pattern SPECIAL = Pattern.compile("[*?\\[\\]{}\\\\]");

  IncludedFiles {
    String plain = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
    for (String name : plain.split("/", -1)) {
      if (List.of("", ".", "..").contains(name)) {
        throw new IllegalArgumentException("--include-files is a path in the folder: " + pattern);
      }
    }
    try {
      var _ = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "--include-files is not a pattern: " + pattern + ": " + e.getDescription(), e);
    }
  }

  /** Whether it names one file, which no listing is needed for. */
  boolean one() {
    return !pattern.endsWith("/") && !SPECIAL.matcher(pattern).find();
  }

  /** Those of a listing that it means. */
  Map<String, String> of(Map<String, String> listing) {
    PathMatcher matcher =
        FileSystems.getDefault()
            .getPathMatcher("glob:" + pattern + (pattern.endsWith("/") ? "**" : ""));
    Map<String, String> meant = new TreeMap<>(listing);
    meant.keySet().removeIf(name -> !matcher.matches(Path.of(name)));
    return meant;
  }
}
