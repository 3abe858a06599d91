package io.llmaz.dragonfly;

import java.util.OptionalInt;

/** The engine could not do what was asked. */
public final class EngineException extends RuntimeException {

  /** What went wrong, as far as a caller acts on it. */
  public enum Reason {
    /** No seed or daemon answers. */
    UNAVAILABLE,
    /** The source answered the engine with an error status. */
    SOURCE_FAILED,
    /** The engine refused the request. */
    REFUSED,
    /** Cancelled, by us or by a stop. */
    CANCELLED,
    /** Anything else the engine reports. */
    FAILED
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final int sourceStatus;

  public EngineException(Reason reason, String message) {
    this(reason, message, 0, null);
  }

  public EngineException(
      Reason reason,
      String message,
      int sourceStatus,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.sourceStatus = sourceStatus;
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }

  /** The HTTP status with which the source answered; empty when it did not. */
  public OptionalInt sourceStatus() {
    return sourceStatus == 0 ? OptionalInt.empty() : OptionalInt.of(sourceStatus);
  }
}
