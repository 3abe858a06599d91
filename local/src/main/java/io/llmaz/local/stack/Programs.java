package io.llmaz.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where this build's programs lie: each module's {@code target/dist} holds its jar and all it
 * needs.
 *
 * @param home the project's folder
 */
public record Programs(Path home) {

  /**
   * The class path of a program.
   *
   * @param module {@code loader}, {@code gateway} or {@code runner}
   * @throws IllegalStateException when it is not built
   */
  List<Path> classPath(String module) {
    Path dist = home.resolve(module).resolve("target/dist");
    if (!Files.isDirectory(dist)) {
      throw new IllegalStateException(module + " is not built: " + dist + " is missing");
    }
    try (Stream<Path> jars = Files.list(dist)) {
      return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program's own jar. */
  Path jar(String module) {
    return classPath(module).stream()
        .filter(jar -> jar.getFileName().toString().startsWith("llmaz-" + module))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(module + " has no jar of its own"));
  }

  /** The ahead-of-time cache of a program, when it was trained. */
  Optional<Path> aotCache(String module) {
    return Optional.of(home.resolve(module).resolve("target").resolve(module + ".aot"))
        .filter(Files::isRegularFile);
  }
}
