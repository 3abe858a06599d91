package io.llmaz.gateway;

import io.llmaz.source.OriginHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each task cost its source, and all of them together as metrics. */
final class Usages {
  private final Map<String, TaskUsage> byTask = new ConcurrentHashMap<>();
  private final double budget;
  private final OriginHttp.Meter all;

  Usages(double budget, MeterRegistry metrics) {
    this.budget = budget;
    this.all =
        new OriginHttp.Meter() {
          @Override
          public void request(String host) {
            metrics.counter("llmaz.gateway.origin.requests", "host", host).increment();
          }

          @Override
          public void bytes(String host, int count) {
            metrics.counter("llmaz.gateway.origin.bytes", "host", host).increment(count);
          }
        };
  }

  TaskUsage of(String task) {
    return byTask.computeIfAbsent(task, name -> new TaskUsage(name, budget, all));
  }

  /** For requests that belong to no task. */
  OriginHttp.Meter unattributed() {
    return all;
  }
}
