package io.llmaz.bench;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an API server answered, by its own <a
 * href="https://kubernetes.io/docs/reference/instrumentation/metrics/">{@code
 * apiserver_request_total}</a>: only kinds that the operator writes, as the server writes others
 * itself.
 *
 * @param byRequest how often each {@code VERB resource[/subresource]} was answered
 * @param ownWrites those among them that the benchmark made
 */
record ApiRequests(Map<String, Long> byRequest, long ownWrites) {
  private static final Pattern SAMPLE =
      Pattern.compile("apiserver_request_total\\{(.*)} ([0-9.e+]+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Set<String> WRITES =
      Set.of("APPLY", "PATCH", "POST", "PUT", "DELETE", "DELETECOLLECTION");
  private static final Set<String> RESOURCES =
      Set.of(
          "openmodels",
          "p2ptasks",
          "backendruntimes",
          "playgrounds",
          "services",
          "deployments",
          "horizontalpodautoscalers",
          "leaderworkersets",
          "events");

  ApiRequests {
    byRequest = Map.copyOf(byRequest);
  }

  /** Reads Prometheus' text format. */
  static ApiRequests parse(String metrics, long ownWrites) {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : metrics.split("\n")) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        Map<String, String> labels = new TreeMap<>();
        LABEL.matcher(sample.group(1)).results().forEach(l -> labels.put(l.group(1), l.group(2)));
        String resource = labels.getOrDefault("resource", "");
        if (RESOURCES.contains(resource)) {
          String group = labels.getOrDefault("group", "");
          String part = labels.getOrDefault("subresource", "");
          String request =
              "%s %s%s%s"
                  .formatted(
                      labels.get("verb"),
                      resource,
                      group.isEmpty() ? "" : "." + group,
                      part.isEmpty() ? "" : "/" + part);
          counts.merge(request, (long) Double.parseDouble(sample.group(2)), Long::sum);
        }
      }
    }
    return new ApiRequests(counts, ownWrites);
  }

  /** What was added since. */
  ApiRequests since(ApiRequests before) {
    Map<String, Long> added = new TreeMap<>();
    byRequest.forEach((request, count) -> {
      long more = count - before.byRequest.getOrDefault(request, 0L);
      if (more > 0) {
        added.put(request, more);
      }
    });
    return new ApiRequests(added, ownWrites - before.ownWrites);
  }

  /** Writes of everybody but the benchmark. */
  long writes() {
    return sum(WRITES) - ownWrites;
  }

  /** Writes of a status, of everybody. */
  long statusWrites() {
    return byRequest.entrySet().stream()
        .filter(e -> e.getKey().endsWith("/status"))
        .filter(e -> WRITES.contains(e.getKey().split(" ")[0]))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Reads of single objects. */
  long reads() {
    return sum(Set.of("GET"));
  }

  /** Writes of events, of which the API server makes some itself, about cluster IPs. */
  long events() {
    return byRequest.entrySet().stream()
        .filter(e -> e.getKey().contains(" events"))
        .filter(e -> WRITES.contains(e.getKey().split(" ")[0]))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private long sum(Set<String> verbs) {
    return byRequest.entrySet().stream()
        .filter(e -> verbs.contains(e.getKey().split(" ")[0]))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
