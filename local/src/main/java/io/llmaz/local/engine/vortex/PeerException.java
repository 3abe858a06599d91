package io.llmaz.local.engine.vortex;

import java.io.IOException;

/** A parent answered that it cannot give the piece. */
public final class PeerException extends IOException {
  private static final long serialVersionUID = 1L;

  PeerException(Vortex.ErrorCode code, String message) {
    super("parent answered " + code + ": " + message);
  }
}
