package io.llmaz.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where this build's programs lie: each module's {@code target/dist} holds its jar and all it
 * needs.
 *
 * @param home the project's folder
 * @param recording whether each program's JVM records what it loads and writes an ahead-of-time
 *     cache when it ends, instead of using one
 * @param commands of programs that run as processes of their own by just these commands, by module;
 *     how the program of an image is trained
 */
public record Programs(Path home, boolean recording, Map<String, List<String>> commands) {

  public Programs {
    commands = Map.copyOf(commands);
  }

  /** Programs that start fast, if they were trained. */
  public static Programs of(Path home) {
    return new Programs(home, false, Map.of());
  }

  /** Programs in training. */
  public static Programs recording(Path home) {
    return new Programs(home, true, Map.of());
  }

  /** These, some of them by commands of their own. */
  public Programs withCommands(Map<String, List<String>> own) {
    return new Programs(home, recording, own);
  }

  /** The command by which a program is to run, where it has one of its own. */
  Optional<List<String>> command(String module) {
    return Optional.ofNullable(commands.get(module));
  }

  /** Whether a program writes a cache when it ends, which takes it a while. */
  boolean records(String module) {
    return recording || commands.containsKey(module);
  }

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

  /** Options of a program's JVM by which it uses its ahead-of-time cache, or writes it. */
  List<String> aotOptions(String module) {
    Path cache = home.resolve(module).resolve("target").resolve(module + ".aot");
    if (recording) {
      return List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    }
    return Files.isRegularFile(cache)
        ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")
        : List.of();
  }
}
