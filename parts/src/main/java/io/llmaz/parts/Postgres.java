package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL (Debian's) on loopback, open to its one user {@value #USER}, in a folder of its own:
 * it refuses to run as root, and whom it runs as may not look into a test's folder.
 */
final class Postgres implements AutoCloseable {
  /** The user, and the database. */
  static final String USER = "postgres";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final int port = FreePorts.of(1).getFirst();
  private final Path directory;
  private final RunningProgram program;

  static boolean installed() {
    return programs().isPresent();
  }

  /**
   * Starts an empty one.
   *
   * @param parent where its output goes
   */
  Postgres(Path parent) throws IOException {
    Path programs =
        programs()
            .orElseThrow(
                () -> new IllegalStateException("postgresql is missing; see e2e/tools/install"));
    directory = Files.createTempDirectory("postgres-");
    boolean root = System.getProperty("user.name").equals("root");
    if (root) {
      Files.setOwner(
          directory,
          directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    }
    String data = directory.resolve("data").toString();
    try {
      run(
          command(
              root,
              programs.resolve("initdb"),
              "--pgdata=" + data,
              "--username=" + USER,
              "--auth=trust",
              "--no-sync",
              "--no-instructions"),
          parent.resolve("initdb.log"));
      program =
          new RunningProgram(
              command(
                  root,
                  programs.resolve("postgres"),
                  "-D",
                  data,
                  "-p",
                  Integer.toString(port),
                  "-c",
                  "listen_addresses=127.0.0.1",
                  "-c",
                  "unix_socket_directories=",
                  "-c",
                  "fsync=off"),
              parent.resolve("postgres.log"),
              () -> RunningProgram.listens(port));
    } catch (IOException | RuntimeException e) {
      delete();
      throw e;
    }
  }

  int port() {
    return port;
  }

  /** The programs of the newest version. */
  private static Optional<Path> programs() {
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Comparator.comparing(Path::toString));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> command(boolean root, Path program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (root) {
      command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
    }
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void run(List<String> command, Path log) throws IOException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("initdb failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    program.close();
    delete();
  }
}
