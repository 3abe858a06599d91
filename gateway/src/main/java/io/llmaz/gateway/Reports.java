package io.llmaz.gateway;

/** Where reports of loaders go. */
interface Reports {
  /** Writes one, or drops it when it cannot: a report is a courtesy. */
  void record(GatewayTask task, Report report);
}
