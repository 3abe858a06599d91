package io.llmaz.loader;

import io.llmaz.source.ByteRange;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file by the first way that works, verifies and publishes it.
 *
 * <ol>
 *   <li>Where the node's daemon can link files, it is asked first ({@link LinkedFiles}).
 *   <li>A way that fails is left for the next one, which goes on where it stopped. It is asked once
 *       more after 64 MiB: a daemon that waits long for one piece has the pieces behind it, and
 *       what the next way gives may leave the source once more. A way that refuses, or whose bytes
 *       are wrong, is not asked for this file again.
 *   <li>Bytes that do not match are thrown away, the way forgets them too, and the next way begins
 *       from the first byte. A way that only finished what others began is asked once more before
 *       it is blamed, and so is the last one, which has nobody behind it.
 *   <li>The third mismatch of a file ends the run: then it is what the source promises that is
 *       wrong.
 * </ol>
 */
final class FileLoad {
  private static final int MOST_MISMATCHES = 3;

  /** As much as a daemon has under way of one file, twice. */
  static final long STRETCH = 64L << 20;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** Whose hash takes less than a thread's start. */
  private static final long SMALL = 1 << 20;

  private final ModelDirectory directory;
  private final String source;
  private final Optional<LinkedFiles> links;
  private final List<Way> ways;
  private final LoadReport report;
  private final AtomicInteger atWork = new AtomicInteger();

  /**
   * For all files of a run; safe for many threads.
   *
   * @param source named when its bytes are not what it promises
   * @param links by the node's daemon, where it can
   */
  FileLoad(
      ModelDirectory directory,
      String source,
      Optional<LinkedFiles> links,
      List<Way> ways,
      LoadReport report) {
    this.directory = directory;
    this.source = source;
    this.links = links;
    this.ways = List.copyOf(ways);
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
      throw DiskTrouble.of("cannot store " + file.path(), e);
    }
  }

  private void bring(ManifestFile file) throws IOException {
    List<String> wrong = new ArrayList<>();
    if (links.isPresent()) {
      switch (links.get().load(file)) {
        case PUBLISHED -> {
          return;
        }
        case WRONG -> wrong.add(LinkedFiles.WAY);
        case NOT_GIVEN -> {
          // Its reason is reported.
        }
      }
    }
    boolean spareProcessor = atWork.incrementAndGet() < PROCESSORS;
    try (PartialFile partial =
        PartialFile.open(directory.partialFiles(), file, spareProcessor && file.size() > SMALL)) {
      report.resumed(partial.length());
      fetch(file, partial, wrong);
      directory.publish(partial, file);
      report.published(file);
    } finally {
      atWork.decrementAndGet();
    }
  }

  private void fetch(ManifestFile file, PartialFile partial, List<String> wrong)
      throws IOException {
    List<Way> left = new ArrayList<>(ways);
    Set<Way> brokeOff = new HashSet<>();
    @Nullable SourceException last = null;
    int next = 0;
    while (next < left.size() && wrong.size() < MOST_MISMATCHES) {
      Way way = left.get(next);
      if (way.givenUp()) {
        left.remove(next);
        continue;
      }
      boolean begun = partial.length() > 0;
      long end = next == 0 ? file.size() : Math.min(file.size(), partial.length() + STRETCH);
      try {
        receive(file, partial, way, end);
      } catch (SourceException e) {
        way.failed();
        report.stepDown(way, file, String.valueOf(e.getMessage()));
        last = e;
        if (e.kind() == SourceException.Kind.TRANSIENT && brokeOff.add(way)) {
          next++;
        } else {
          left.remove(next);
        }
        continue;
      }
      if (partial.length() < file.size()) {
        next = 0;
        continue;
      }
      if (matches(file, partial)) {
        way.succeeded();
        return;
      }
      wrong.add(way.name());
      report.mismatch(way, file, partial.length());
      partial.startOver();
      way.forget(file, report);
      if (!begun && next < left.size() - 1) {
        way.failed();
        left.remove(next);
      }
    }
    throw failure(file, wrong, last);
  }

  private LoaderException failure(
      ManifestFile file, List<String> wrong, @Nullable SourceException last) {
    if (!wrong.isEmpty() && (last == null || wrong.size() == MOST_MISMATCHES)) {
      return new LoaderException(
          LoaderException.Exit.BAD_CONTENT,
          "%s does not have the digest %s that %s promises (wrong %d times, by way of %s)"
              .formatted(
                  file.path(), file.digest(), source, wrong.size(), String.join(", ", wrong)));
    }
    if (last == null) {
      return new LoaderException(
          LoaderException.Exit.UNAVAILABLE,
          "cannot load " + file.path() + " of " + source + ": every way was given up before");
    }
    return new LoaderException(
        last.kind() == SourceException.Kind.USER
            ? LoaderException.Exit.REFUSED
            : LoaderException.Exit.UNAVAILABLE,
        "cannot load " + file.path() + " of " + source + ": " + last.getMessage(),
        last);
  }

  private void receive(ManifestFile file, PartialFile partial, Way way, long end)
      throws IOException {
    long from = partial.length();
    if (from == end) {
      return;
    }
    try (InputStream in = way.open(file, new ByteRange(from, end - from))) {
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
    if (partial.length() < end) {
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
      throw DiskTrouble.of("cannot read", e);
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
