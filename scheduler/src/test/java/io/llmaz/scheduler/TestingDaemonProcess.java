package io.llmaz.scheduler;

import io.llmaz.dragonfly.SeedAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real dfdaemon of Dragonfly on loopback, where {@code e2e/tools/install} has built it. */
final class TestingDaemonProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PORTS = 7;

  private final Process process;
  private final Path directory;
  private final int uploadPort;

  TestingDaemonProcess(Path parent, String hostname, boolean seed, int schedulerPort)
      throws IOException {
    directory = Files.createDirectories(parent.resolve(hostname));
    List<Integer> ports = freePorts();
    uploadPort = ports.getFirst();
    Path dynamic = directory.resolve("dynconfig.yaml");
    Files.writeString(dynamic, "scheduler: {addrs: ['127.0.0.1:" + schedulerPort + "']}\n");
    Path config = directory.resolve("dfdaemon.yaml");
    Files.writeString(
        config,
        """
        host: {ip: 127.0.0.1, hostname: NAME}
        SEED
        server: {pluginDir: DIR/plugins, cacheDir: DIR/cache}
        download: {protocol: tcp, server: {socketPath: DIR/dfdaemon.sock}}
        upload: {server: {ip: 127.0.0.1, port: %d}}
        proxy: {server: {ip: 127.0.0.1, port: %d}}
        metrics: {server: {ip: 127.0.0.1, port: %d}}
        health: {server: {ip: 127.0.0.1, port: %d}}
        stats: {server: {ip: 127.0.0.1, port: %d}}
        storage: {dir: DIR/store, keep: true, server: {ip: 127.0.0.1, tcpPort: %d, quicPort: %d}}
        scheduler: {announceInterval: 2s}
        """
            .formatted(ports.toArray())
            .replace("NAME", hostname)
            .replace("SEED", seed ? "seedPeer: {enable: true, type: super}" : "")
            .replace("DIR", directory.toString()));
    process =
        new ProcessBuilder(
                binary("dfdaemon").toString(),
                "--config",
                config.toString(),
                "--dynconfig",
                dynamic.toString(),
                "--log-dir",
                directory.resolve("log").toString(),
                "--console")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.log").toFile())
            .start();
    try {
      Awaitility.await("daemon " + hostname).atMost(PATIENCE).until(this::listens);
    } catch (RuntimeException e) {
      close();
      throw new IOException(
          "dfdaemon did not start: " + Files.readString(directory.resolve("out.log")), e);
    }
  }

  /** Whether the real client of Dragonfly is on this machine. */
  static boolean installed() {
    return Files.isExecutable(binary("dfdaemon")) && Files.isExecutable(binary("dfget"));
  }

  SeedAddress address() {
    return new SeedAddress("127.0.0.1", uploadPort);
  }

  /** Fetches a file with the real dfget through this daemon. */
  Path fetch(String url, String contentKey, String name) throws IOException, InterruptedException {
    Path output = directory.resolve(name);
    Process dfget = startFetch(url, contentKey, output);
    if (!dfget.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || dfget.exitValue() != 0) {
      dfget.destroyForcibly();
      throw new IOException("dfget failed: " + Files.readString(directory.resolve(name + ".log")));
    }
    return output;
  }

  private Process startFetch(String url, String contentKey, Path output) throws IOException {
    return new ProcessBuilder(
            binary("dfget").toString(),
            url,
            "--output",
            output.toString(),
            "--content-for-calculating-task-id",
            contentKey,
            "--endpoint",
            directory.resolve("dfdaemon.sock").toString(),
            "--no-progress",
            "--console")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(output.getFileName() + ".log").toFile())
        .start();
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

  /** As a machine that loses its power. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException("ended with " + process.exitValue());
    }
    try (Socket unused = new Socket(InetAddress.getByName("127.0.0.1"), uploadPort)) {
      return Files.exists(directory.resolve("dfdaemon.sock"));
    } catch (IOException e) {
      return false;
    }
  }

  private static Path binary(String name) {
    return tools().resolve("dragonfly-client/bin").resolve(name);
  }

  /** Where {@code e2e/tools/install} puts what it builds. */
  static Path tools() {
    String cache = System.getenv("XDG_CACHE_HOME");
    String tools = System.getenv("LLMAZ_TOOLS");
    return tools != null
        ? Path.of(tools)
        : (cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache"))
            .resolve("llmaz-tools");
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < PORTS; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
    return ports;
  }
}
