package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Dragonfly's own scheduler on loopback, without a manager. */
public final class DragonflyScheduler implements AutoCloseable {
  private final RunningProgram program;
  private final int port = FreePorts.of(1).getFirst();

  /** Whether it is on this machine. */
  public static boolean installed() {
    return Tools.installed("scheduler");
  }

  /** Starts one that keeps its files in a folder of this parent. */
  public DragonflyScheduler(Path parent) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("scheduler"));
    Path config = directory.resolve("scheduler.yaml");
    Files.writeString(
        config,
        """
        server: {advertiseIP: 127.0.0.1, listenIP: 127.0.0.1, port: %d, logDir: DIR/log, dataDir: DIR/data, pluginDir: DIR/plugins}
        scheduler: {algorithm: default, backToSourceCount: 200, retryBackToSourceLimit: 4, retryLimit: 5, retryInterval: 500ms}
        job: {enable: false}
        metrics: {enable: false}
        """
            .formatted(port)
            .replace("DIR", directory.toString()));
    program =
        new RunningProgram(
            List.of(
                Tools.require("scheduler").toString(),
                "--config",
                config.toString(),
                "--dynconfig",
                directory.resolve("dynconfig.yaml").toString()),
            directory.resolve("out.log"),
            () -> RunningProgram.listens(port));
  }

  /** The port of {@code scheduler.v2}, on 127.0.0.1. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    program.close();
  }
}
