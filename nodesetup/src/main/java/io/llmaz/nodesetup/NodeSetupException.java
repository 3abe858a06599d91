package io.llmaz.nodesetup;

/** Something that the node's administrator has to mend; the message says what. */
final class NodeSetupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NodeSetupException(String message) {
    super(message);
  }
}
