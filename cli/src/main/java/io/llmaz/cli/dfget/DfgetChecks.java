package io.llmaz.cli.dfget;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What can be seen to be wrong before the daemon is asked. */
final class DfgetChecks {
  private DfgetChecks() {}

  /**
   * Lets good options pass.
   *
   * @throws IOException when the output is not as it has to be
   * @throws IllegalArgumentException when options do not go together or are out of their range
   */
  static void require(DfgetOptions options) throws IOException {
    if (options.ofFolder()) {
      requireFolder(options);
    } else {
      requireFile(options);
    }
    if (options.overwrite && options.forceHardLink) {
      throw new IllegalArgumentException("--overwrite and --force-hard-link exclude each other");
    }
    if (options.attempts < 1 || options.priority < 0 || options.priority > 6) {
      throw new IllegalArgumentException("--attempts is at least 1, --priority 0 to 6");
    }
  }

  private static void requireFile(DfgetOptions options) throws IOException {
    Path parent = options.output.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the directory of the output does not exist: " + parent);
    }
    if (Files.exists(options.output) && !options.overwrite) {
      throw new IOException("the output exists (see --overwrite): " + options.output);
    }
    if (!options.folder.includeFiles.isEmpty()) {
      throw new IllegalArgumentException("--include-files is for folders (see --recursive)");
    }
  }

  private static void requireFolder(DfgetOptions options) throws IOException {
    var _ = FolderUrl.of(options.url);
    if (!Files.isDirectory(options.output)) {
      throw new IOException("the output of a folder is one that exists: " + options.output);
    }
    if (options.digest != null || !options.contentKey.isEmpty()) {
      // dfget would take every file for the same one.
      throw new IllegalArgumentException(
          "--digest and --content-for-calculating-task-id are for one file, not for a folder");
    }
    if (options.folder.maxFiles < 1 || options.folder.maxConcurrentRequests < 1) {
      throw new IllegalArgumentException(
          "--max-files and --max-concurrent-requests are at least 1");
    }
    options.folder.includeFiles.forEach(pattern -> new IncludedFiles(pattern));
  }
}
