package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Dragonfly's own scheduler on loopback, without a manager or with one. */
public final class DragonflyScheduler implements AutoCloseable {
  private final RunningProgram program;
  private final int port = FreePorts.of(1).getFirst();

  /** Whether it is on this machine. */
  public static boolean installed() {
    return Tools.installed("scheduler");
  }

  /** Starts one that keeps its files in a folder of this parent. */
  public DragonflyScheduler(Path parent) throws IOException {
    this(
        parent,
        "job: {enable: false}",
        List.of("--dynconfig", parent.resolve("scheduler/dynconfig.yaml").toString()));
  }

  /** One of a manager's first cluster, which takes jobs. */
  public static DragonflyScheduler managed(Path parent, DragonflyManager manager)
      throws IOException {
    return new DragonflyScheduler(
        parent,
        """
        job: {enable: true}
        manager: {addr: '127.0.0.1:%d', schedulerClusterID: 1, keepAlive: {interval: 5s}}
        database: {redis: {addrs: ['%s'], brokerDB: 1, backendDB: 2}}
        """
            .formatted(manager.port(), manager.redisAddress()),
        List.of());
  }

  private DragonflyScheduler(Path parent, String jobs, List<String> arguments) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("scheduler"));
    Path config = directory.resolve("scheduler.yaml");
    Files.writeString(
        config,
        """
        server: {advertiseIP: 127.0.0.1, listenIP: 127.0.0.1, port: %d, logDir: DIR/log, dataDir: DIR/data, pluginDir: DIR/plugins}
        scheduler: {algorithm: default, backToSourceCount: 200, retryBackToSourceLimit: 4, retryLimit: 5, retryInterval: 500ms}
        metrics: {enable: false}
        JOBS
        """
            .formatted(port)
            .replace("JOBS", jobs)
            .replace("DIR", directory.toString()));
    program =
        new RunningProgram(
            Stream.concat(
                    Stream.of(Tools.require("scheduler").toString(), "--config", config.toString()),
                    arguments.stream())
                .toList(),
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
