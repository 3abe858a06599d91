package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.NodeDaemon;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Priority;
import io.llmaz.dragonfly.api.common.SchedulingPolicy;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * One attempt. In the usual way the daemon links or copies the file to the output and checks the
 * digest; with {@code --transfer-from-dfdaemon} the pieces come through the socket into a file
 * beside the output, which is checked here and then gets its name.
 */
final class DfgetDownload {
  private static final int BUFFER = 1 << 20;

  private final DfgetOptions options;
  private final NodeDaemon daemon;
  private final String url;
  private final Path output;

  /**
   * Of one file.
   *
   * @param url of it, and not of the folder that it is in
   */
  DfgetDownload(DfgetOptions options, NodeDaemon daemon, String url, Path output) {
    this.options = options;
    this.daemon = daemon;
    this.url = url;
    this.output = output.toAbsolutePath();
  }

  Progress run(ProgressLines lines) throws IOException, InterruptedException {
    Duration timeout = DfgetValues.duration(options.timeout);
    return options.transfer ? transfer(timeout, lines) : link(timeout, lines);
  }

  private Progress link(Duration timeout, ProgressLines lines)
      throws IOException, InterruptedException {
    boolean before = Files.exists(output);
    boolean whole = false;
    try {
      Download request =
          request(timeout)
              .setOutputPath(output.toString())
              .setOverwrite(options.overwrite)
              .setForceHardLink(options.forceHardLink)
              .build();
      Progress end = daemon.download(request, timeout, NodeDaemon.PieceSink.NONE, lines);
      whole = true;
      return end;
    } finally {
      if (!whole && !before) {
        Files.deleteIfExists(output); // The daemon links it before it has its bytes.
      }
    }
  }

  private Progress transfer(Duration timeout, ProgressLines lines)
      throws IOException, InterruptedException {
    Path beside = output.resolveSibling(output.getFileName() + ".dfget");
    try (FileChannel file =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      Progress end =
          daemon.download(
              request(timeout).setNeedPieceContent(true).build(),
              timeout,
              (offset, bytes) -> {
                for (long at = offset; bytes.hasRemaining(); ) {
                  at += file.write(bytes, at);
                }
              },
              lines);
      file.force(true);
      check(beside, end.contentLength());
      Files.move(
          beside, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return end;
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private void check(Path file, long size) throws IOException {
    if (Files.size(file) != size) {
      throw new IOException("%d of %d bytes came".formatted(Files.size(file), size));
    }
    if (options.digest == null) {
      return;
    }
    Digest expected = Digest.parse(options.digest);
    ContentHasher hasher = ContentHasher.of(expected.algorithm(), size);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        hasher.update(buffer, 0, count);
      }
    }
    Digest actual = hasher.digest();
    if (!actual.equals(expected)) {
      throw new IOException("the file is " + actual + ", not " + expected);
    }
  }

  private Download.Builder request(Duration timeout) throws IOException {
    Download.Builder request =
        Download.newBuilder()
            .setUrl(url)
            .setTag(options.tag)
            .setApplication(options.application)
            .setPriority(Priority.forNumber(options.priority))
            .addAllFilteredQueryParams(options.filteredQueryParams)
            .putAllRequestHeader(options.headerMap())
            .setDisableBackToSource(options.disableBackToSource)
            .setSchedulingPolicy(SchedulingPolicy.valueOf(options.schedulingPolicy.name()))
            .setRemoteIp(InetAddress.getLocalHost().getHostAddress())
            .setTimeout(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(timeout.toSeconds())
                    .setNanos(timeout.toNanosPart()));
    if (!options.contentKey.isEmpty()) {
      request.setContentForCalculatingTaskId(options.contentKey);
    }
    if (options.digest != null) {
      request.setDigest(options.digest);
    }
    if (options.pieceLength != null) {
      request.setPieceLength(DfgetValues.pieceLength(options.pieceLength));
    }
    options.access().addTo(request);
    return request;
  }
}
