package io.llmaz.cli.demo;

import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows tasks while they go: a line whenever one changed, with the time since the start. */
final class Progress {
  private final PrintStream out;
  private final Instant begin = Instant.now();
  private final Map<String, String> shown = new HashMap<>();

  Progress(PrintStream out) {
    this.out = out;
  }

  void tasks(List<P2PTask> tasks) {
    for (P2PTask task : tasks) {
      P2PTaskStatus status = task.getStatus();
      if (status == null) {
        continue;
      }
      String reason =
          status.conditions().stream()
              .filter(c -> c.getType().equals("Ready"))
              .map(c -> c.getReason())
              .findFirst()
              .orElse("");
      String line =
          "%-28s %5s of %-6s %8s %s"
              .formatted(
                  task.getMetadata().getName(),
                  or(status.progress(), "-"),
                  or(status.size(), "?"),
                  or(status.rate(), ""),
                  reason);
      if (!line.equals(shown.put(task.getMetadata().getName(), line))) {
        line(line);
      }
    }
  }

  void once(String key, String text) {
    if (!text.equals(shown.put(key, text))) {
      line(text);
    }
  }

  void line(String text) {
    out.printf("%6.1f s  %s%n", seconds(), text);
  }

  private double seconds() {
    return Duration.between(begin, Instant.now()).toMillis() / 1000.0;
  }

  private static String or(@org.jspecify.annotations.Nullable String value, String other) {
    return Optional.ofNullable(value).orElse(other);
  }
}
