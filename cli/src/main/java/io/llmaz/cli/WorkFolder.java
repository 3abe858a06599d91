package io.llmaz.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for one run, removed at its end; its log is named before anybody writes to it. */
public final class WorkFolder implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  private WorkFolder(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
    System.setProperty("llmaz.log", path.resolve("llmaz.log").toString());
  }

  public static WorkFolder temporary() throws IOException {
    return new WorkFolder(Files.createTempDirectory("llmaz-"), true);
  }

  static WorkFolder at(Path path) throws IOException {
    return new WorkFolder(Files.createDirectories(path), false);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
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
}
