package io.llmaz.operator.nodes;

import java.util.HashSet;
import java.util.Set;

/**
 * Which files of a task a seed has begun with; from then on peers can give their pieces to each
 * other. Not while seeds fail: a node that is asked then finds nobody who has the rest, and its
 * daemon, which calls the file failed, gives nobody the pieces that a pod brings there meanwhile
 * (dfdaemon 1.5.10). Safe for many threads.
 */
public final class SeedArrivals {
  // Guarded by this.
  private final Set<String> begun = new HashSet<>();
  private boolean failing;

  /** A seed has this file, or the first word of it; so seeds do not fail any more. */
  public synchronized void began(String path) {
    // Told with each piece: whom nothing changes for is not woken.
    boolean news = begun.add(path) || failing;
    failing = false;
    if (news) {
      notifyAll();
    }
  }

  /** Seeds fail, until one begins with a file. */
  public synchronized void failed() {
    failing = true;
  }

  /** Waits for as long as it takes. */
  synchronized void await(String path) throws InterruptedException {
    while (failing || !begun.contains(path)) {
      wait();
    }
  }
}
