package io.llmaz.local.engine.store;

import java.io.IOException;

/**
 * A piece's bytes do not match its checksum. When they were on disk, the piece has been dropped.
 */
public final class CorruptPieceException extends IOException {
  private static final long serialVersionUID = 1L;

  public CorruptPieceException(String taskId, int number, String expected, String actual) {
    super(
        "piece %d of task %s is corrupt: expected %s, found %s"
            .formatted(number, taskId, expected, actual));
  }
}
