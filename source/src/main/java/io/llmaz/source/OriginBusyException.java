package io.llmaz.source;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The source answered that it cannot serve now, and perhaps when it can. */
final class OriginBusyException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient Optional<Duration> retryAfter;

  OriginBusyException(int status, Optional<Duration> retryAfter) {
    super("answered " + status);
    this.retryAfter = retryAfter;
  }

  /** How long it wants to be left alone. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
