package io.llmaz.operator.p2p;

import io.llmaz.source.Manifest;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a distribution is.
 *
 * @param phase what it is doing
 * @param manifest what its source resolved to; empty until then
 * @param files whole on a seed
 * @param bytes on a seed
 * @param originBytes that the gateway read from the source
 * @param begun when bytes began to flow; empty until then
 * @param trouble what is in the way; empty when nothing is
 */
record Snapshot(
    Phase phase,
    Optional<Manifest> manifest,
    long files,
    long bytes,
    long originBytes,
    Optional<Instant> begun,
    Optional<Trouble> trouble) {

  /** What a distribution is doing. */
  enum Phase {
    RESOLVING,
    DISTRIBUTING,
    DONE
  }

  /**
   * What is in the way.
   *
   * @param reason of conditions
   * @param message for the user
   * @param users whether only the user can mend it
   * @param since when it began
   */
  record Trouble(String reason, String message, boolean users, Instant since) {}

  static final Snapshot NOTHING =
      new Snapshot(Phase.RESOLVING, Optional.empty(), 0, 0, 0, Optional.empty(), Optional.empty());
}
