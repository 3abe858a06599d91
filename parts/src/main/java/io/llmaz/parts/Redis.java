package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Redis (Debian's) on loopback, in memory alone. */
final class Redis implements AutoCloseable {
  private static final String PROGRAM = "redis-server";

  private final int port = FreePorts.of(1).getFirst();
  private final RunningProgram program;

  static boolean installed() {
    return Tools.installed(PROGRAM);
  }

  /**
   * Starts an empty one.
   *
   * @param parent where its output goes
   */
  Redis(Path parent) throws IOException {
    program =
        new RunningProgram(
            List.of(
                Tools.require(PROGRAM).toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--dir",
                parent.toString()),
            parent.resolve("redis.log"),
            () -> RunningProgram.listens(port));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    program.close();
  }
}
