package io.llmaz.gateway;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a {@link Spool}, each named by the key of its file and its place in it; a key is
 * the sha256 of a content key. Those that were used least recently are deleted when it is full.
 * Safe for many threads. A directory belongs to one process.
 */
final class SpoolDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpoolDirectory.class);
  private static final Pattern SEGMENT = Pattern.compile("[0-9a-f]{64}-\\d{1,9}");

  private final Path directory;
  private final long capacity;
  private final FileChannel lock;
  // By name, least recently used first; guarded by itself.
  private final Map<String, SpoolSegment> segments = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Opens a directory, with what a former process kept there.
   *
   * @param blocks that it holds at most
   * @throws IOException when it cannot be used, or another process does
   */
  SpoolDirectory(Path directory, long blocks) throws IOException {
    this.directory = directory;
    this.capacity = blocks;
    Files.createDirectories(directory);
    this.lock = lock(directory);
    for (Path path : segmentsIn(directory)) {
      segments.put(path.getFileName().toString(), new SpoolSegment(path));
    }
    makeRoom(null);
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      log.debug("a gateway of this process has it", e);
    }
    channel.close();
    throw new IOException("another gateway uses it");
  }

  private static List<Path> segmentsIn(Path directory) throws IOException {
    record Found(Path path, long modified) {}
    List<Found> found = new ArrayList<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        if (SEGMENT.matcher(path.getFileName().toString()).matches()) {
          found.add(new Found(path, Files.getLastModifiedTime(path).toMillis()));
        }
      }
    }
    found.sort(Comparator.comparingLong(Found::modified));
    return found.stream().map(Found::path).toList();
  }

  static int slot(long index) {
    return (int) (index % SpoolSegment.BLOCKS);
  }

  /** The segment in which a block is, if it is there. */
  Optional<SpoolSegment> find(String key, long index) {
    synchronized (segments) {
      return Optional.ofNullable(segments.get(name(key, index)))
          .filter(segment -> segment.has(slot(index)));
    }
  }

  /** The first block from one on that is there; at most another. */
  long firstKept(String key, long from, long most) {
    long index = from;
    while (index < most) {
      @Nullable SpoolSegment segment;
      synchronized (segments) {
        segment = segments.get(name(key, index));
      }
      long end = Math.min(most, index - slot(index) + SpoolSegment.BLOCKS);
      while (segment != null && index < end) {
        if (segment.has(slot(index))) {
          return index;
        }
        index++;
      }
      index = end;
    }
    return most;
  }

  /** The segment for a block, made when there is none. */
  SpoolSegment segment(String key, long index) throws IOException {
    synchronized (segments) {
      String name = name(key, index);
      @Nullable SpoolSegment segment = segments.get(name);
      if (segment == null) {
        segment = new SpoolSegment(directory.resolve(name));
        segments.put(name, segment);
      }
      return segment;
    }
  }

  /** Deletes all of a file. */
  void forget(String key) {
    synchronized (segments) {
      Iterator<Map.Entry<String, SpoolSegment>> all = segments.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<String, SpoolSegment> entry = all.next();
        if (entry.getKey().startsWith(key + "-")) {
          all.remove();
          delete(entry.getValue());
        }
      }
    }
  }

  /** Deletes the least recently used but one, until what is stored fits. */
  void makeRoom(@Nullable SpoolSegment needed) {
    synchronized (segments) {
      long stored = storedBlocks();
      Iterator<SpoolSegment> eldest = segments.values().iterator();
      while (stored > capacity && eldest.hasNext()) {
        SpoolSegment segment = eldest.next();
        if (segment != needed) {
          stored -= segment.count();
          eldest.remove();
          delete(segment);
        }
      }
    }
  }

  long storedBlocks() {
    synchronized (segments) {
      return segments.values().stream().mapToLong(SpoolSegment::count).sum();
    }
  }

  private void delete(SpoolSegment segment) {
    try {
      segment.delete();
    } catch (IOException e) {
      log.warn("a segment of spool {} cannot be deleted: {}", directory, e.toString());
    }
  }

  private static String name(String key, long index) {
    return key + "-" + index / SpoolSegment.BLOCKS;
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  @Override
  public void close() throws IOException {
    synchronized (segments) {
      for (SpoolSegment segment : segments.values()) {
        segment.close();
      }
      segments.clear();
    }
    lock.close();
  }
}
