package io.llmaz.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The {@code llmaz} command line as a process of its own, with what it prints. */
final class RunningLlmaz implements AutoCloseable {
  static final Path HOME = Path.of(System.getProperty("project.root", ".."));
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final Path folder;
  private final Path output;
  private final Path errors;

  private RunningLlmaz(Process process, Path folder, Path output, Path errors) {
    this.process = process;
    this.folder = folder;
    this.output = output;
    this.errors = errors;
  }

  /** Whether the programs that it starts are built. */
  static boolean programsAreBuilt() {
    return Stream.of("loader", "gateway", "runner")
        .allMatch(module -> Files.isDirectory(HOME.resolve(module).resolve("target/dist")));
  }

  /**
   * Starts it.
   *
   * @param folder an existing one, for its temporary files and what it prints
   */
  static RunningLlmaz start(Path folder, String... arguments) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Path output = folder.resolve("out");
    Path errors = folder.resolve("err");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dllmaz.home=" + HOME.toAbsolutePath().normalize(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath(),
                Main.class.getName()));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new RunningLlmaz(process, folder, output, errors);
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }

  /** Waits until it has printed a text. */
  RunningLlmaz awaitOutput(String text) {
    Awaitility.await("llmaz to print " + text + "; it said: " + errors())
        .atMost(PATIENCE)
        .until(() -> output().contains(text) || !process.isAlive());
    if (!output().contains(text)) {
      throw new AssertionError("llmaz ended with " + process.exitValue() + ": " + errors());
    }
    return this;
  }

  /** What follows a text on the same line of its output. */
  String printedAfter(String text) {
    return output()
        .lines()
        .filter(line -> line.contains(text))
        .map(line -> line.substring(line.indexOf(text) + text.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("llmaz did not print " + text));
  }

  String output() {
    return read(output);
  }

  String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** It and all processes that it started. */
  List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /** Ends it as Ctrl-C does, and waits. */
  int stop() throws InterruptedException {
    process.destroy();
    return awaitEnd();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int awaitEnd() throws InterruptedException {
    // A demo gives up by itself after four minutes, and then says for what it waited.
    if (!process.waitFor(PATIENCE.toSeconds() * 3, TimeUnit.SECONDS)) {
      throw new AssertionError("llmaz does not end: " + output() + errors());
    }
    return process.exitValue();
  }

  /** What it left among its temporary files. */
  List<Path> leftovers() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      return left.filter(path -> !path.getFileName().toString().startsWith("hsperf")).toList();
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> all = processes();
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
