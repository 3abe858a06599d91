package io.llmaz.operator.nodes;

import io.llmaz.source.SourceException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task's links for all its nodes: one request to the gateway for many of them. Links live for
 * hours. A refusal is remembered for a moment, so that nodes that wait do not ask one by one. Safe
 * for many threads.
 */
final class Links {
  private static final Duration AGE = Duration.ofMinutes(10);
  private static final Duration REFUSAL_AGE = Duration.ofSeconds(5);

  private final Supplier<Map<String, URI>> gateway;
  private final InstantSource clock;
  // All guarded by this.
  private Map<String, URI> known = Map.of();
  private @Nullable SourceException refusal;
  private Instant until = Instant.MIN;

  Links(Supplier<Map<String, URI>> gateway, InstantSource clock) {
    this.gateway = gateway;
    this.clock = clock;
  }

  synchronized URI of(String path) {
    Instant now = clock.instant();
    if (!now.isBefore(until)) {
      ask(now);
    }
    if (refusal != null) {
      throw refusal;
    }
    URI link = known.get(path);
    if (link == null) {
      throw new SourceException(SourceException.Kind.BUG, "the gateway gave no link for " + path);
    }
    return link;
  }

  private void ask(Instant now) {
    try {
      known = gateway.get();
      refusal = null;
      until = now.plus(AGE);
    } catch (SourceException e) {
      refusal = e;
      until = now.plus(REFUSAL_AGE);
    }
  }
}
