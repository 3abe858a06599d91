package io.llmaz.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What docs/metrics.md names, and what the chart's dashboard and alerts ask for. */
final class Metrics {
  static final Path DASHBOARD =
      Program.HOME.resolve("charts/llmaz/files/monitoring/dashboard.json");
  static final Path ALERTS = Program.HOME.resolve("charts/llmaz/files/monitoring/alerts.yaml");

  private static final Pattern NAMED = Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE);

  /** What is no metric: texts, selectors, ranges, lists of labels; then functions and words. */
  private static final List<String> OTHER =
      List.of(
          "\"[^\"]*\"",
          "\\{[^}]*}",
          "\\[[^]]*]",
          "\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)",
          "\\b\\w+\\s*(?=\\()",
          "\\b(and|or|unless|bool|offset)\\b");

  private Metrics() {}

  /** The metrics in a section of the document. */
  static Set<String> documented(String section) throws IOException {
    String document = Files.readString(Program.HOME.resolve("docs/metrics.md"));
    int begin = document.indexOf("\n## " + section + "\n");
    int end = document.indexOf("\n## ", begin + 1);
    return NAMED
        .matcher(document.substring(begin, end))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  /** Every query of the dashboard and the alerts. */
  static List<String> queries() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
    JsonNode alerts = new YAMLMapper().readTree(Files.readString(ALERTS));
    List<String> queries = dashboard.findValuesAsText("expr");
    queries.addAll(alerts.findValuesAsText("expr"));
    return queries;
  }

  /** The metrics of a query. */
  static Set<String> of(String query) {
    String left = query;
    for (String other : OTHER) {
      left = left.replaceAll(other, " ");
    }
    return Pattern.compile("[a-z_:][a-z0-9_:]*")
        .matcher(left)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
