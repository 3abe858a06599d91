package io.llmaz.local.cluster;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites words of a container to what they are on this machine: paths below its mounts, and the
 * address {@code 0.0.0.0}, which is the pod's own.
 *
 * <p>A path is one where it does not go on to the left or the right with more of a name: {@code
 * --dir=/models/x} is rewritten for a mount at {@code /models}, {@code http://host/models} and
 * {@code /models2} are not. The longest mount wins, as it does in a container.
 */
final class HostView {
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Pattern pattern;
  private final String podAddress;

  /**
   * Rewrites for one container.
   *
   * @param mounts folder on this machine by absolute path in the container
   * @param podAddress the pod's address
   */
  HostView(Map<String, Path> mounts, String podAddress) {
    this.podAddress = podAddress;
    StringBuilder alternatives = new StringBuilder();
    List<String> longestFirst =
        mounts.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    for (String mount : longestFirst) {
      String path =
          mount.length() > 1 && mount.endsWith("/")
              ? mount.substring(0, mount.length() - 1)
              : mount;
      Path folder = mounts.get(mount);
      if (!path.startsWith("/") || path.equals("/") || folder == null) {
        throw new IllegalArgumentException("a mount path is absolute and not the root: " + mount);
      }
      places.putIfAbsent(path, folder.toString());
      alternatives.append("(?<![\\w./-])").append(Pattern.quote(path)).append("(?![\\w.-])|");
    }
    this.pattern = Pattern.compile(alternatives + "(?<![\\w.])0\\.0\\.0\\.0(?![\\w.])");
  }

  String rewrite(String text) {
    return pattern
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(places.getOrDefault(match.group(), podAddress)));
  }
}
