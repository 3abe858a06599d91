package io.llmaz.cli.dfget;

import java.util.List;
import picocli.CommandLine.Option;

/** dfget's options for folders. */
final class FolderOptions {
  @Option(
      names = {"-r", "--recursive"},
      description = "The URL is a folder, as with a / at its end; the output is one that exists.")
  boolean recursive;

  @Option(
      names = {"-I", "--include-files"},
      paramLabel = "PATTERN",
      description = "Of a folder only these: a/file, a/folder/, *.json, **.json.")
  List<String> includeFiles = List.of();

  @Option(
      names = "--max-files",
      defaultValue = "${env:DFGET_MAX_FILES:-100}",
      description = "A folder with more is refused (default: ${DEFAULT-VALUE}).")
  int maxFiles;

  @Option(
      names = "--max-concurrent-requests",
      defaultValue = "${env:DFGET_MAX_CONCURRENT_REQUESTS:-5}",
      description = "Files of a folder at once (default: ${DEFAULT-VALUE}).")
  int maxConcurrentRequests;
}
