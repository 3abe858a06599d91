package io.llmaz.cli.dfget;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** dfget's options by their own names and environment variables (dragonfly-client 1.5.10). */
final class DfgetOptions {
  @Parameters(paramLabel = "URL", description = "What to download.")
  URI url = URI.create("");

  @Option(
      names = {"-O", "--output"},
      required = true,
      description = "Where the file goes; its directory must exist. Of a folder: one that exists.")
  Path output = Path.of("");

  @Option(
      names = {"-e", "--endpoint"},
      defaultValue = "${env:DFGET_ENDPOINT:-/var/run/dragonfly/dfdaemon.sock}",
      description = "The daemon's unix socket (default: ${DEFAULT-VALUE}).")
  Path endpoint = Path.of("");

  @Option(
      names = "--transfer-from-dfdaemon",
      description = "Take the bytes from the socket, for a daemon that does not see our folders.")
  boolean transfer;

  @Option(names = "--overwrite", description = "Replace an output that exists.")
  boolean overwrite;

  @Option(names = "--force-hard-link", description = "Fail instead of copying.")
  boolean forceHardLink;

  @Option(
      names = "--content-for-calculating-task-id",
      defaultValue = "${env:DFGET_CONTENT_FOR_CALCULATING_TASK_ID:-}",
      description = "The task is named by this instead of by the URL.")
  String contentKey = "";

  @Option(
      names = "--timeout",
      defaultValue = "${env:DFGET_TIMEOUT:-2h}",
      description = "Of each attempt: 30s, 10m, 2h (default: ${DEFAULT-VALUE}).")
  String timeout = "2h";

  @Option(names = "--digest", description = "sha256:, sha512: or crc32: and the hex digits.")
  @Nullable String digest;

  @Option(
      names = {"-p", "--priority"},
      defaultValue = "${env:DFGET_PRIORITY:-6}",
      description = "0 to 6 (default: ${DEFAULT-VALUE}).")
  int priority;

  @Option(names = "--piece-length", description = "At least 4mib; else by the size of the file.")
  @Nullable String pieceLength;

  @Option(names = "--application", defaultValue = "${env:DFGET_APPLICATION:-}")
  String application = "";

  @Option(names = "--tag", defaultValue = "${env:DFGET_TAG:-}")
  String tag = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "Sent to the source.")
  List<String> headers = List.of();

  @Option(
      names = "--filtered-query-param",
      split = ",",
      description = "Parameters that do not name the task (default: those of signed addresses).")
  List<String> filteredQueryParams =
      List.of(
          "X-Amz-Algorithm",
          "X-Amz-Credential",
          "X-Amz-Date",
          "X-Amz-Expires",
          "X-Amz-SignedHeaders",
          "X-Amz-Signature",
          "X-Amz-Security-Token",
          "X-Amz-User-Agent",
          "X-Goog-Algorithm",
          "X-Goog-Credential",
          "X-Goog-Date",
          "X-Goog-Expires",
          "X-Goog-SignedHeaders",
          "X-Goog-Signature",
          "OSSAccessKeyId",
          "Expires",
          "Signature",
          "SecurityToken",
          "AccessKeyId",
          "X-Obs-Date",
          "X-Obs-Security-Token",
          "q-sign-algorithm",
          "q-ak",
          "q-sign-time",
          "q-key-time",
          "q-header-list",
          "q-url-param-list",
          "q-signature",
          "x-cos-security-token",
          "ns");

  @Option(names = "--disable-back-to-source", description = "Only from peers.")
  boolean disableBackToSource;

  @Option(
      names = "--scheduling-policy",
      defaultValue = "${env:DFGET_SCHEDULING_POLICY:-auto}",
      description = "auto: what has up to 4 MiB from the source itself; always: from peers too.")
  Scheduling schedulingPolicy = Scheduling.AUTO;

  @Option(
      names = "--progress",
      defaultValue = "text",
      description = "text (on stderr), json (a line each on stdout) or none.")
  Progress progress = Progress.TEXT;

  @Option(names = "--no-progress", description = "The same as --progress none.")
  boolean noProgress;

  @Option(
      names = "--attempts",
      defaultValue = "3",
      description = "How often in all, where trying again may help (default: ${DEFAULT-VALUE}).")
  int attempts;

  @Option(
      names = "--engine-binary",
      paramLabel = "PATH",
      description = "Run this dfget of Dragonfly instead of speaking with the daemon ourselves.")
  @Nullable Path engineBinary;

  @Mixin FolderOptions folder = new FolderOptions();
  @Mixin HubOptions hubs = new HubOptions();
  @Mixin StorageOptions storage = new StorageOptions();

  enum Scheduling {
    AUTO,
    ALWAYS
  }

  enum Progress {
    TEXT,
    JSON,
    NONE
  }

  /** As for dfget: by the option, or by the last character of the URL's path. */
  boolean ofFolder() {
    return folder.recursive || Objects.requireNonNullElse(url.getRawPath(), "").endsWith("/");
  }

  SourceAccess access() {
    return new SourceAccess(Objects.requireNonNullElse(url.getScheme(), ""), hubs, storage);
  }

  Map<String, String> headerMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("--header is NAME:VALUE");
      }
      map.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return map;
  }
}
