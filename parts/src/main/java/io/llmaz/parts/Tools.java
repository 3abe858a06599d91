package io.llmaz.parts;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the real programs: first where the environment says ({@code KUBEBUILDER_ASSETS}, {@code
 * DRAGONFLY_BIN}), then where {@code e2e/tools/install} builds them ({@code LLMAZ_TOOLS}, else
 * {@code ~/.cache/llmaz-tools}), then on the path.
 */
public final class Tools {
  private Tools() {}

  /** The program of this name, if it is on this machine. */
  public static Optional<Path> find(String program) {
    return places()
        .map(place -> place.resolve(program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether all of these programs are on this machine. */
  public static boolean installed(String... programs) {
    return Stream.of(programs).allMatch(program -> find(program).isPresent());
  }

  static Path require(String program) {
    return find(program)
        .orElseThrow(
            () -> new IllegalStateException(program + " is missing; see e2e/tools/install"));
  }

  private static Stream<Path> places() {
    Path built =
        environment("LLMAZ_TOOLS")
            .orElseGet(() ->
                environment("XDG_CACHE_HOME")
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("llmaz-tools"));
    Stream<Path> named =
        Stream.of("KUBEBUILDER_ASSETS", "DRAGONFLY_BIN")
            .map(Tools::environment)
            .flatMap(Optional::stream);
    Stream<Path> cached = Stream.of(built.resolve("bin"), built.resolve("dragonfly-client/bin"));
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).map(Path::of);
    return Stream.of(named, cached, path).flatMap(place -> place);
  }

  private static Optional<Path> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty()).map(Path::of);
  }
}
