package io.llmaz.loader;

import io.llmaz.source.ByteRange;
import io.llmaz.source.ManifestFile;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One way by which bytes can come, with what came by it. A way that failed several times in a row
 * is not tried any more in this run: its trouble is not the file's. Safe for many threads.
 */
final class Way {
  private static final int FAILURES_TO_GIVE_UP = 3;

  /** Opens a range of a file by this way; throws SourceException when it cannot. */
  interface Opener {
    InputStream open(ManifestFile file, ByteRange range);
  }

  /** Drops wrong bytes where this way keeps them, so that nobody gets them again. */
  interface Forgetter {
    /** For ways that keep nothing. */
    Forgetter NOTHING = (file, report) -> {};

    /** Says in the report what was done; throws nothing, because the next way helps anyhow. */
    void forget(ManifestFile file, LoadReport report);
  }

  private final String name;
  private final Opener opener;
  private final Forgetter forgetter;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private final AtomicInteger stepsDown = new AtomicInteger();

  Way(String name, Opener opener) {
    this(name, opener, Forgetter.NOTHING);
  }

  Way(String name, Opener opener, Forgetter forgetter) {
    this.name = name;
    this.opener = opener;
    this.forgetter = forgetter;
  }

  String name() {
    return name;
  }

  InputStream open(ManifestFile file, ByteRange range) {
    return opener.open(file, range);
  }

  void forget(ManifestFile file, LoadReport report) {
    forgetter.forget(file, report);
  }

  boolean givenUp() {
    return failuresInARow.get() >= FAILURES_TO_GIVE_UP;
  }

  void succeeded() {
    failuresInARow.set(0);
  }

  void failed() {
    failuresInARow.incrementAndGet();
    stepsDown.incrementAndGet();
  }

  /** How often a file had to look for another way. */
  int stepsDown() {
    return stepsDown.get();
  }

  void count(long arrived) {
    bytes.addAndGet(arrived);
  }

  long bytes() {
    return bytes.get();
  }
}
