package io.llmaz.operator.inference;

/** What the user wrote cannot be carried out; the message is for a condition. */
final class InvalidObjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidObjectException(String message) {
    super(message);
  }
}
