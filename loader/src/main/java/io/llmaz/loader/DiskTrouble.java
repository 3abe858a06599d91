package io.llmaz.loader;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;

/** Says what is wrong with a disk in words that tell what to do. */
final class DiskTrouble {
  private DiskTrouble() {}

  /**
   * The end of a run. What arrived stays for the next one.
   *
   * @param what was tried
   */
  static LoaderException of(String what, IOException cause) {
    return new LoaderException(LoaderException.Exit.DISK, what + ": " + why(cause), cause);
  }

  private static String why(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    // The JDK gives the system's words and no code; these two are the same in every locale of C.
    if (message.contains("No space left on device")) {
      return "the disk is full; what arrived is kept, free some space or use a larger volume";
    }
    if (message.contains("Disk quota exceeded")) {
      return "the disk quota is used up; what arrived is kept";
    }
    if (cause instanceof AccessDeniedException
        || cause.getCause() instanceof ReadOnlyFileSystemException) {
      return "no permission to write " + message;
    }
    return message;
  }
}
