package io.llmaz.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether a peer gives what it said it has. Guarded by the swarm's lock.
 *
 * <p>A peer whose child gave it up without one piece is doubted; when it has never given anything,
 * or a second child says so, nobody is sent to it for a while. One piece from it settles the doubt.
 */
final class Reliability {
  private static final int ENOUGH = 2;

  private final Duration rest;
  private final Set<String> disappointed = new HashSet<>();
  private boolean gave;
  private Instant shunnedUntil = Instant.MIN;

  Reliability(Duration rest) {
    this.rest = rest;
  }

  void gavePiece() {
    gave = true;
    disappointed.clear();
    shunnedUntil = Instant.MIN;
  }

  /** A child on this host gave it up and had got nothing; whether it is shunned now. */
  boolean gaveNothing(String host, Instant now) {
    disappointed.add(host);
    if (gave && disappointed.size() < ENOUGH) {
      return false;
    }
    disappointed.clear();
    shunnedUntil = now.plus(rest);
    return true;
  }

  boolean shunned(Instant now) {
    return now.isBefore(shunnedUntil);
  }
}
