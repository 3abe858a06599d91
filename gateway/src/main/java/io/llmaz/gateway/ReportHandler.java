package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.sun.net.httpserver.HttpExchange;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes reports of loaders, and keeps a thousand pods of one model from writing a thousand events:
 * each task has so many in an hour, then they are taken and dropped (202).
 */
final class ReportHandler {
  static final int AN_HOUR = 64;
  private static final int LARGEST = 8 << 10;

  private final Reports reports;
  private final LoadingCache<String, AtomicInteger> taken =
      Caffeine.newBuilder()
          .maximumSize(10_000)
          .expireAfterWrite(Duration.ofHours(1))
          .build(task -> new AtomicInteger());

  ReportHandler(Reports reports) {
    this.reports = reports;
  }

  void handle(HttpExchange exchange, GatewayTask task) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      throw new GatewayException(
          413, SourceException.Kind.USER, "a report is at most " + LARGEST + " bytes");
    }
    Report report = Report.parse(body);
    boolean written = taken.get(task.name()).incrementAndGet() <= AN_HOUR;
    if (written) {
      reports.record(task, report);
    }
    exchange.sendResponseHeaders(written ? 201 : 202, -1);
  }
}
