package io.llmaz.operator.nodes;

import java.util.HashSet;
import java.util.Set;

/**
 * Which files of a task a seed has begun with; from then on peers can give their pieces to each
 * other. Never taken back. Safe for many threads.
 */
public final class SeedArrivals {
  // Guarded by this.
  private final Set<String> begun = new HashSet<>();

  /** A seed has this file, or the first word of it. */
  public synchronized void began(String path) {
    if (begun.add(path)) {
      notifyAll();
    }
  }

  /** Waits for as long as it takes. */
  synchronized void await(String path) throws InterruptedException {
    while (!begun.contains(path)) {
      wait();
    }
  }
}
