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

  private final String name;
  private final Opener opener;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger failuresInARow = new AtomicInteger();

  Way(String name, Opener opener) {
    this.name = name;
    this.opener = opener;
  }

  String name() {
    return name;
  }

  InputStream open(ManifestFile file, ByteRange range) {
    return opener.open(file, range);
  }

  boolean givenUp() {
    return failuresInARow.get() >= FAILURES_TO_GIVE_UP;
  }

  void succeeded() {
    failuresInARow.set(0);
  }

  void failed() {
    failuresInARow.incrementAndGet();
  }

  void count(int arrived) {
    bytes.addAndGet(arrived);
  }

  long bytes() {
    return bytes.get();
  }
}
