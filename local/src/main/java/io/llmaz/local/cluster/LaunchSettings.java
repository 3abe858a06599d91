package io.llmaz.local.cluster;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a node starts processes.
 *
 * @param java the program {@code java}
 * @param sharedClassPath what every pulled image gets behind its own class path
 * @param mostGrace the longest wait between asking a process to end and ending it
 */
record LaunchSettings(Path java, List<Path> sharedClassPath, Duration mostGrace) {

  LaunchSettings {
    sharedClassPath = List.copyOf(sharedClassPath);
  }

  /**
   * Starts a command whose standard input is a pipe to us, which {@link ChildMain} watches.
   *
   * <p>Nothing of our own environment is passed on but where programs are: a token that the user of
   * this machine has set must not reach a container.
   */
  Process start(
      JavaCommand command, Map<String, String> environment, Path work, Path log, boolean pulled)
      throws IOException {
    Path temporary = Files.createDirectories(work.resolve("tmp"));
    List<Path> behind = new ArrayList<>(pulled ? sharedClassPath : List.of());
    behind.add(ChildMain.classPath());
    ProcessBuilder builder =
        new ProcessBuilder(
                command.underParent(
                    java, List.of("-Djava.io.tmpdir=" + temporary, "-Duser.home=" + work), behind))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().put("PATH", Objects.requireNonNullElse(System.getenv("PATH"), "/bin"));
    builder.environment().put("HOME", work.toString());
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().putAll(environment);
    Files.createDirectories(Objects.requireNonNull(log.getParent()));
    return builder.start();
  }
}
