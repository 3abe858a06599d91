package io.llmaz.scheduler;

/** Where a peer of a task stands. */
enum PeerState {
  /** Needs a parent, or the source. */
  WAITING,
  /** Gets pieces from a parent. */
  FED,
  /** Reads the source: at most one peer of a task does. */
  SOURCE,
  /** Has every piece. */
  COMPLETE;

  /** Whether others can get pieces from it, now or as they arrive. */
  boolean feeds() {
    return this != WAITING;
  }
}
