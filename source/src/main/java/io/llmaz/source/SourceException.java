package io.llmaz.source;

/** A source could not be resolved or read. The kind decides what happens next. */
public final class SourceException extends RuntimeException {

  /** Who can mend it. */
  public enum Kind {
    /** The user: a wrong name, a missing token. Not retried until the object changes. */
    USER,
    /** Nobody: a network, a busy hub. Retried with back-off. */
    TRANSIENT,
    /** Us, or a hub that breaks its own protocol. Logged, retried slowly. */
    BUG
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  public SourceException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public SourceException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Who can mend it. */
  public Kind kind() {
    return kind;
  }
}
