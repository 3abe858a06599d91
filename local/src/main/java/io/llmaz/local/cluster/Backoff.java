package io.llmaz.local.cluster;

import java.time.Duration;

/**
 * The wait before a container's next start: doubling from half a second to ten, where a kubelet
 * goes from ten seconds to five minutes. Used by one thread.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration MOST = Duration.ofSeconds(10);

  private Duration next = FIRST;

  Duration next() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(MOST) > 0 ? MOST : doubled;
    return wait;
  }
}
