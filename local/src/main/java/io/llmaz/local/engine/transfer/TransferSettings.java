package io.llmaz.local.engine.transfer;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How transfers behave.
 *
 * @param concurrentPieces pieces of one task in flight at a time
 * @param pieceLength length of pieces where the request names none; empty for Dragonfly's rule
 * @param stallTimeout how long parents may show nothing new before others are asked for
 * @param scheduleTimeout how long the scheduler may be silent before the source is read
 * @param maxSchedules how often parents are asked for in one transfer
 * @param sourceAttempts how often one piece is tried at the source
 * @param backToSource whether this node may read a source by itself at all
 */
public record TransferSettings(
    int concurrentPieces,
    OptionalLong pieceLength,
    Duration stallTimeout,
    Duration scheduleTimeout,
    int maxSchedules,
    int sourceAttempts,
    boolean backToSource) {
  public TransferSettings {
    if (concurrentPieces < 1 || maxSchedules < 1 || sourceAttempts < 1) {
      throw new IllegalArgumentException(
          "concurrent pieces, schedules and source attempts must be at least 1");
    }
  }
}
