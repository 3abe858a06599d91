package io.llmaz.loader;

import io.llmaz.source.ByteRange;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;

/**
 * Brings one file by the first way that works, verifies and publishes it. A way that fails is left
 * for the next, which goes on where it stopped; bytes that do not match are thrown away and fetched
 * by the next way from the beginning.
 */
final class FileLoad {
  private static final int MOST_MISMATCHES = 3;

  private final ModelDirectory directory;
  private final List<Way> ways;
  private final LoadReport report;

  FileLoad(ModelDirectory directory, List<Way> ways, LoadReport report) {
    this.directory = directory;
    this.ways = ways;
    this.report = report;
  }

  /**
   * Loads a file.
   *
   * @throws LoaderException when no way gives the right bytes, or the disk does not take them
   */
  void load(ManifestFile file) {
    try {
      if (directory.holdsContent(file)) {
        report.kept(file);
      } else {
        bring(file);
      }
    } catch (IOException e) {
      throw new LoaderException(
          LoaderException.Exit.DISK, "cannot store " + file.path() + ": " + e.getMessage(), e);
    }
  }

  private void bring(ManifestFile file) throws IOException {
    try (PartialFile partial = PartialFile.open(directory.partialFiles(), file)) {
      report.resumed(partial.length());
      fetch(file, partial);
      directory.publish(partial, file);
      report.published(file);
    }
  }

  private void fetch(ManifestFile file, PartialFile partial) throws IOException {
    int mismatches = 0;
    SourceException last =
        new SourceException(SourceException.Kind.TRANSIENT, "every way was given up before");
    for (Way way : ways) {
      if (way.givenUp()) {
        continue;
      }
      try {
        receive(file, partial, way);
      } catch (SourceException e) {
        way.failed();
        report.stepDown(way, file, String.valueOf(e.getMessage()));
        last = e;
        continue;
      }
      if (matches(file, partial)) {
        way.succeeded();
        return;
      }
      way.failed();
      mismatches++;
      report.mismatch(way, file);
      partial.startOver();
      if (mismatches == MOST_MISMATCHES) {
        break;
      }
    }
    if (mismatches > 0) {
      throw new LoaderException(
          LoaderException.Exit.BAD_CONTENT,
          "%s does not have the digest %s that its source promises (tried %d times)"
              .formatted(file.path(), file.digest(), mismatches));
    }
    throw new LoaderException(
        last.kind() == SourceException.Kind.USER
            ? LoaderException.Exit.REFUSED
            : LoaderException.Exit.UNAVAILABLE,
        "cannot load " + file.path() + ": " + last.getMessage(),
        last);
  }

  private void receive(ManifestFile file, PartialFile partial, Way way) throws IOException {
    long from = partial.length();
    if (from == file.size()) {
      return;
    }
    try (InputStream in = way.open(file, new ByteRange(from, file.size() - from))) {
      boolean ended = false;
      while (!ended) {
        byte[] buffer = partial.buffer();
        int filled = 0;
        try {
          // The network gives small bites; a hand-over to the hash for each would cost more than
          // it.
          while (!ended && filled < buffer.length) {
            int count = read(in, buffer, filled, way);
            ended = count < 0;
            filled += Math.max(0, count);
          }
        } finally {
          partial.append(buffer, filled);
          way.count(filled);
          report.arrived(filled);
        }
      }
    }
    if (partial.length() < file.size()) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          way.name() + " ended at byte " + partial.length() + " of " + file.size());
    }
  }

  /** Reads; what breaks here is the way's trouble, what breaks while writing is the disk's. */
  private static int read(InputStream in, byte[] buffer, int from, Way way) {
    if (Thread.currentThread().isInterrupted()) {
      throw new SourceException(SourceException.Kind.TRANSIENT, "stopped");
    }
    try {
      return in.read(buffer, from, buffer.length - from);
    } catch (FileSystemException e) {
      throw new LoaderException(LoaderException.Exit.DISK, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT, way.name() + " broke off: " + e.getMessage(), e);
    }
  }

  private static boolean matches(ManifestFile file, PartialFile partial) throws IOException {
    Optional<Digest> actual = partial.digest();
    return actual.isEmpty() || actual.get().equals(file.digest());
  }
}
