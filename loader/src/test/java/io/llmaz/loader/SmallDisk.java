package io.llmaz.loader;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of 1 MiB, where we may mount one: a tmpfs. Elsewhere its test is skipped. */
final class SmallDisk implements AutoCloseable {
  private final Path path;

  SmallDisk(Path directory) throws IOException {
    path = Files.createDirectories(directory.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "llmaz-test", path.toString()) == 0,
        "mounting is not allowed here");
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    run("umount", path.toString());
  }

  private static int run(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .join()
        .exitValue();
  }
}
