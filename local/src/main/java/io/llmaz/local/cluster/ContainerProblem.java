package io.llmaz.local.cluster;

/** Why a container waits, in the words of a container's status. */
final class ContainerProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  ContainerProblem(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  ContainerProblem(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** The pod's specification names something that is not there or that we do not do. */
  static ContainerProblem config(String message) {
    return new ContainerProblem("CreateContainerConfigError", message);
  }

  String reason() {
    return reason;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
