package io.llmaz.loader;

import io.llmaz.source.BundleReader;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Brings many small files by one request to the gateway, its bundle, instead of one request each.
 * What does not come, or not right, is left for {@link FileLoad}. For one thread.
 */
final class SmallFiles {
  /** Fewer are as fast by themselves, and then come from peers. */
  static final int FEWEST = 16;

  private static final long LARGEST = 1 << 20;

  private final ModelDirectory directory;
  private final LongFunction<InputStream> bundle;
  private final Way gateway;
  private final LoadReport report;

  /**
   * For a run.
   *
   * @param bundle opens the bundle of all files up to a size; throws SourceException
   * @param gateway counts the bytes
   */
  SmallFiles(
      ModelDirectory directory, LongFunction<InputStream> bundle, Way gateway, LoadReport report) {
    this.directory = directory;
    this.bundle = bundle;
    this.gateway = gateway;
    this.report = report;
  }

  /**
   * Publishes what the bundle gives.
   *
   * @return the paths that are published now
   * @throws IOException when the disk does not take them
   */
  Set<String> load(List<ManifestFile> files) throws IOException {
    Map<String, ManifestFile> wanted = wanted(files);
    Set<String> published = new HashSet<>();
    if (wanted.size() < FEWEST) {
      return published;
    }
    try (InputStream in = bundle.apply(LARGEST)) {
      BundleReader reader = new BundleReader(in);
      for (Optional<BundleReader.Entry> entry = next(reader);
          entry.isPresent();
          entry = next(reader)) {
        ManifestFile file = wanted.get(entry.get().path());
        if (file != null && publish(file, entry.get().content())) {
          published.add(file.path());
        }
      }
    } catch (SourceException e) {
      report.note("no bundle of small files, asking for each: " + e.getMessage());
    }
    return published;
  }

  /** Only files with a digest: what an entry is can then be told. */
  private Map<String, ManifestFile> wanted(List<ManifestFile> files) throws IOException {
    Map<String, ManifestFile> wanted = new HashMap<>();
    for (ManifestFile file : files) {
      if (file.size() <= LARGEST && file.digest() != null && !directory.holdsContent(file)) {
        wanted.put(file.path(), file);
      }
    }
    return wanted;
  }

  private static Optional<BundleReader.Entry> next(BundleReader reader) {
    try {
      return reader.next();
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT, "it broke off: " + e.getMessage(), e);
    }
  }

  private boolean publish(ManifestFile file, byte[] content) throws IOException {
    gateway.count(content.length);
    if (content.length != file.size()) {
      report.mismatch(gateway, file, 0);
      return false;
    }
    try (PartialFile partial = PartialFile.open(directory.partialFiles(), file)) {
      partial.startOver();
      for (int at = 0; at < content.length; ) {
        byte[] buffer = partial.buffer();
        int count = Math.min(buffer.length, content.length - at);
        System.arraycopy(content, at, buffer, 0, count);
        partial.append(buffer, count);
        at += count;
      }
      if (!partial.digest().equals(Optional.ofNullable(file.digest()))) {
        report.mismatch(gateway, file, 0);
        partial.startOver();
        return false;
      }
      directory.publish(partial, file);
    }
    report.arrived(content.length);
    report.published(file);
    return true;
  }
}
