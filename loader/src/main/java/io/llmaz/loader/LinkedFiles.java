package io.llmaz.loader;

import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Publishes files that the node's daemon links from its store: no byte is copied, and one read
 * checks them. A linked file is the daemon's own, so it is only read, renamed and unlinked here. A
 * file without a digest is not linked, because nothing could tell what came. Safe for many threads.
 */
final class LinkedFiles {
  /** The name of this way in reports. */
  static final String WAY = "dfdaemon-link";

  /** The daemon of the node. */
  interface Daemon extends AutoCloseable {
    /**
     * Returns when the whole file is linked to the place, which must not exist.
     *
     * @param arrived told how many bytes the daemon has by now
     * @throws SourceException when it is not; the place may exist all the same
     */
    void link(ManifestFile file, Path place, LongConsumer arrived);

    @Override
    void close();
  }

  /** What became of a file. */
  enum Outcome {
    /** It is there. */
    PUBLISHED,
    /** Its bytes were wrong, and the daemons were told. */
    WRONG,
    /** Not by this way. */
    NOT_GIVEN
  }

  private final ModelDirectory directory;
  private final Daemon daemon;
  private final Way.Forgetter forgetter;
  private final LoadReport report;
  private final Way way;

  LinkedFiles(ModelDirectory directory, Daemon daemon, Way.Forgetter forgetter, LoadReport report) {
    this.directory = directory;
    this.daemon = daemon;
    this.forgetter = forgetter;
    this.report = report;
    this.way =
        new Way(
            WAY,
            (file, range) -> {
              throw new IllegalStateException("links have no stream");
            });
  }

  /** Counts what is linked. */
  Way way() {
    return way;
  }

  /**
   * Tries to publish a file.
   *
   * @throws IOException when the directory does not take it
   */
  Outcome load(ManifestFile file) throws IOException {
    if (way.givenUp() || file.digest() == null || file.size() == 0) {
      return Outcome.NOT_GIVEN;
    }
    Path place = directory.linkPlace(file);
    Arrived arrived = new Arrived();
    boolean right;
    try {
      daemon.link(file, place, arrived);
      right = isRight(file, place);
    } catch (SourceException e) {
      Files.deleteIfExists(place); // It may have been linked before its bytes came.
      report.dropped(arrived.bytes);
      way.failed();
      report.stepDown(way, file, String.valueOf(e.getMessage()));
      return Outcome.NOT_GIVEN;
    }
    if (!right) {
      Files.delete(place);
      way.failed();
      report.mismatch(way, file, arrived.bytes);
      forgetter.forget(file, report);
      return Outcome.WRONG;
    }
    directory.publishLinked(place, file);
    way.count(file.size());
    way.succeeded();
    report.published(file);
    return Outcome.PUBLISHED;
  }

  private static boolean isRight(ManifestFile file, Path place) {
    if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          "the daemon says that it linked the file, but not where we see it (LLMAZ_DFDAEMON_MODEL_ROOT)");
    }
    try {
      return Files.size(place) == file.size() && ModelDirectory.matches(place, file);
    } catch (IOException e) {
      // Such as the mode of a store that is only for its daemon.
      throw new SourceException(
          SourceException.Kind.TRANSIENT, "the linked file cannot be read: " + e, e);
    }
  }

  private final class Arrived implements LongConsumer {
    private long bytes;

    @Override
    public void accept(long now) {
      report.arrived(now - bytes);
      bytes = now;
    }
  }
}
