package io.llmaz.scheduler;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Dragonfly's own scheduler on loopback, where {@code e2e/tools/install} has built it. */
final class TestingSchedulerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final int port;

  TestingSchedulerProcess(Path parent) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("scheduler"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
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
    process =
        new ProcessBuilder(
                TestingDaemonProcess.tools().resolve("bin/scheduler").toString(),
                "--config",
                config.toString(),
                "--dynconfig",
                directory.resolve("dynconfig.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.log").toFile())
            .start();
    try {
      Awaitility.await("scheduler").atMost(PATIENCE).until(this::listens);
    } catch (RuntimeException e) {
      close();
      throw new IOException(
          "scheduler did not start: " + Files.readString(directory.resolve("out.log")), e);
    }
  }

  /** Whether Dragonfly's scheduler and client are on this machine. */
  static boolean installed() {
    return TestingDaemonProcess.installed()
        && Files.isExecutable(TestingDaemonProcess.tools().resolve("bin/scheduler"));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException("ended with " + process.exitValue());
    }
    try (Socket unused = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
