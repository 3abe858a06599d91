package io.llmaz.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder for one run, removed at its end; its log is named before anybody writes to it. */
public final class WorkFolder implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  private final Optional<FileChannel> lock;

  private WorkFolder(Path path, boolean temporary, Optional<FileChannel> lock) {
    this.path = path;
    this.temporary = temporary;
    this.lock = lock;
    System.setProperty("llmaz.log", path.resolve("llmaz.log").toString());
  }

  public static WorkFolder temporary() throws IOException {
    return new WorkFolder(Files.createTempDirectory("llmaz-"), true, Optional.empty());
  }

  /**
   * A folder that stays.
   *
   * @throws IOException when it cannot be made, or another llmaz runs in it
   */
  static WorkFolder at(Path path) throws IOException {
    Files.createDirectories(path);
    FileChannel lock =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      lock.close();
      throw new IOException("another llmaz runs in " + path);
    }
    return new WorkFolder(path, false, Optional.of(lock));
  }

  /**
   * Looks whether there is room, before anything is begun.
   *
   * @throws IOException that says what is missing and where
   */
  public void requireFree(long bytes) throws IOException {
    long free = Files.getFileStore(path).getUsableSpace();
    if (free < bytes) {
      throw new IOException(
          "about %d MiB are needed in %s, and %d MiB are free; TMPDIR names another place"
              .formatted(bytes >> 20, path.toAbsolutePath().getParent(), free >> 20));
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    lock.ifPresent(WorkFolder::release);
    if (!temporary) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("llmaz: " + path + " could not be removed: " + e.getMessage());
    }
  }

  private static void release(FileChannel lock) {
    try {
      lock.close();
    } catch (IOException e) {
      System.err.println("llmaz: the lock could not be released: " + e.getMessage());
    }
  }
}
