package io.llmaz.local.engine.transfer;

import java.util.Map;

/** A task did not come to this node. */
public final class TransferException extends RuntimeException {

  /** What a caller can tell its own caller. */
  public enum Reason {
    /** The source refused, broke off or said what cannot be. */
    SOURCE,
    /** No room in the store or on the disk. */
    STORE_FULL,
    /** The task was deleted, or the node stops. */
    CANCELLED,
    /** Peers had it not, and the source was not allowed. */
    NO_PEERS,
    /** Anything else. */
    FAILED
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final int sourceStatus;
  private final transient Map<String, String> sourceHeaders;

  TransferException(Reason reason, String message) {
    this(reason, message, 0, Map.of());
  }

  TransferException(Reason reason, String message, Throwable cause) {
    this(reason, message, 0, Map.of());
    initCause(cause);
  }

  TransferException(
      Reason reason, String message, int sourceStatus, Map<String, String> sourceHeaders) {
    super(message);
    this.reason = reason;
    this.sourceStatus = sourceStatus;
    this.sourceHeaders = Map.copyOf(sourceHeaders);
  }

  /** What happened. */
  public Reason reason() {
    return reason;
  }

  /** The status the source answered with, 0 when it did not. */
  public int sourceStatus() {
    return sourceStatus;
  }

  /** The headers of that answer that are fit to be passed on. */
  public Map<String, String> sourceHeaders() {
    return sourceHeaders;
  }
}
