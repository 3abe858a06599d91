package io.llmaz.loader;

/** The load cannot be done; the exit code tells a kubelet and its reader why. */
final class LoaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Process exit codes, after sysexits where one fits. */
  enum Exit {
    /** The environment is wrong: nothing to retry until somebody changes it. */
    USAGE(64),
    /** Bytes that do not match what the source promised, from every way. */
    BAD_CONTENT(65),
    /** No way gives the bytes now. */
    UNAVAILABLE(69),
    /** A bug. */
    INTERNAL(70),
    /** The disk is full or broken. */
    DISK(74),
    /** The source refuses: a token or a permission is missing, or it does not exist. */
    REFUSED(77);

    private final int code;

    Exit(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private final Exit exit;

  LoaderException(Exit exit, String message) {
    super(message);
    this.exit = exit;
  }

  LoaderException(Exit exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  Exit exit() {
    return exit;
  }
}
