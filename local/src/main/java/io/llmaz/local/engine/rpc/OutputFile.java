package io.llmaz.local.engine.rpc;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.local.engine.store.StoredTask;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/**
 * The file that a client on this node asked for by path: a hard link to the content, else a copy.
 * Unlike Dragonfly's it appears under its name only when the task is whole and matches the digest
 * that was asked for.
 */
final class OutputFile {
  private final Path path;
  private final Download download;

  private OutputFile(Path path, Download download) {
    this.path = path;
    this.download = download;
  }

  /**
   * Checks what can be checked before the download.
   *
   * @throws IOException when the path is not fit
   */
  static OutputFile of(Download download) throws IOException {
    Path path = Path.of(download.getOutputPath());
    if (!path.isAbsolute()) {
      throw new IOException("output path is not absolute: " + path);
    }
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("no folder for the output " + path);
    }
    return new OutputFile(path, download);
  }

  /** Refuses an output that is there already, unless it is the task's own or may be replaced. */
  void requireFree(StoredTask task) throws IOException {
    if (Files.exists(path)
        && !download.getOverwrite()
        && !Files.isSameFile(path, task.contentFile())) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  /** Makes the finished task visible under the path. */
  void publish(StoredTask task) throws IOException {
    if (Files.exists(path) && Files.isSameFile(path, task.contentFile())) {
      return;
    }
    requireFree(task);
    if (download.hasDigest()) {
      requireDigest(task.contentFile(), download.getDigest());
    }
    Path beside = path.resolveSibling("." + UUID.randomUUID() + ".partial");
    try {
      try {
        Files.createLink(beside, task.contentFile());
      } catch (IOException | UnsupportedOperationException e) {
        if (download.getForceHardLink()) {
          throw new IOException("cannot link the output " + path + " to the store: " + e, e);
        }
        Files.copy(task.contentFile(), beside);
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void requireDigest(Path file, String expected) throws IOException {
    int colon = expected.indexOf(':');
    String algorithm =
        switch (colon < 0 ? "" : expected.substring(0, colon)) {
          case "sha256" -> "SHA-256";
          case "sha512" -> "SHA-512";
          default -> throw new IOException("a digest of this kind is not checked: " + expected);
        };
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance(algorithm))) {
      in.transferTo(OutputStream.nullOutputStream());
      String actual = HexFormat.of().formatHex(in.getMessageDigest().digest());
      if (!actual.equals(expected.substring(colon + 1).toLowerCase(Locale.ROOT))) {
        throw new IOException("digest mismatch: expected " + expected + ", got " + actual);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }
}
