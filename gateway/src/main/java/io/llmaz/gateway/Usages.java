package io.llmaz.gateway;

import io.llmaz.source.OriginHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each task cost its source. */
final class Usages {
  private static final String NO_TASK = "none";

  private final Map<String, TaskUsage> byTask = new ConcurrentHashMap<>();
  private final double budget;
  private final MeterRegistry metrics;

  Usages(double budget, MeterRegistry metrics) {
    this.budget = budget;
    this.metrics = metrics;
  }

  TaskUsage of(String task) {
    return byTask.computeIfAbsent(task, name -> new TaskUsage(name, budget, metrics));
  }

  /** For requests that belong to no task: while one is resolved, nobody knows its name here. */
  OriginHttp.Meter unattributed() {
    return of(NO_TASK);
  }
}
