package io.llmaz.cli.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.llmaz.local.stack.LocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the loaders of some pods said at their end, added up. */
final class LoaderLogs {
  private static final Pattern VERIFIED = Pattern.compile("(\\d+) files verified");
  private static final Pattern WAY = Pattern.compile("(dfdaemon[\\w-]*|gateway|hub) (\\d+)");

  /**
   * Sums.
   *
   * @param verified files whose digest matched
   * @param fromDaemon bytes that came through a node's daemon
   * @param direct bytes that came from gateway or hub
   * @param text everything they said
   */
  record Sums(int verified, long fromDaemon, long direct, String text) {}

  private LoaderLogs() {}

  static Sums of(LocalStack stack, List<Pod> pods) throws IOException {
    int verified = 0;
    long fromDaemon = 0;
    long direct = 0;
    StringBuilder all = new StringBuilder();
    for (Pod pod : pods) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      stack.copyLog("default", pod.getMetadata().getName(), "model-loader", out);
      String text = out.toString(StandardCharsets.UTF_8);
      all.append(text);
      for (String line : text.lines().filter(l -> l.startsWith("summary")).toList()) {
        Matcher files = VERIFIED.matcher(line);
        verified += files.find() ? Integer.parseInt(files.group(1)) : 0;
        Matcher ways = WAY.matcher(line);
        while (ways.find()) {
          long bytes = Long.parseLong(ways.group(2));
          if (ways.group(1).startsWith("dfdaemon")) {
            fromDaemon += bytes;
          } else {
            direct += bytes;
          }
        }
      }
    }
    return new Sums(verified, fromDaemon, direct, all.toString());
  }
}
