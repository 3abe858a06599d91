package io.llmaz.cli.dfget;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real dfdaemon on loopback; its socket is there when the constructor returns. */
final class TestingDaemonProcess implements AutoCloseable {
  private static final int PORTS = 7;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;

  TestingDaemonProcess(Path folder, Path socket, InetSocketAddress scheduler) throws IOException {
    Path dynamic = folder.resolve("dynconfig.yaml");
    Files.writeString(dynamic, "scheduler: {addrs: ['127.0.0.1:" + scheduler.getPort() + "']}\n");
    Path config = folder.resolve("dfdaemon.yaml");
    Files.writeString(
        config,
        """
        host: {ip: 127.0.0.1, hostname: dfget}
        server: {pluginDir: DIR/plugins, cacheDir: DIR/cache}
        download: {protocol: tcp, server: {socketPath: SOCKET}}
        upload: {server: {ip: 127.0.0.1, port: %d}}
        proxy: {server: {ip: 127.0.0.1, port: %d}}
        metrics: {server: {ip: 127.0.0.1, port: %d}}
        health: {server: {ip: 127.0.0.1, port: %d}}
        stats: {server: {ip: 127.0.0.1, port: %d}}
        storage: {dir: DIR/store, server: {ip: 127.0.0.1, tcpPort: %d, quicPort: %d}}
        """
            .formatted(freePorts().toArray())
            .replace("SOCKET", socket.toString())
            .replace("DIR", folder.toString()));
    process =
        new ProcessBuilder(
                binary("dfdaemon").toString(),
                "--config",
                config.toString(),
                "--dynconfig",
                dynamic.toString(),
                "--log-dir",
                folder.resolve("log").toString(),
                "--console")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.log").toFile())
            .start();
    try {
      await().atMost(PATIENCE).until(() -> Files.exists(socket) || !process.isAlive());
      if (!process.isAlive()) {
        throw new IOException(Files.readString(folder.resolve("out.log")));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether the real client of Dragonfly is on this machine. */
  static boolean installed() {
    return Files.isExecutable(binary("dfdaemon"));
  }

  static Path binary(String name) {
    String cache = System.getenv("XDG_CACHE_HOME");
    String tools = System.getenv("LLMAZ_TOOLS");
    return (tools != null
            ? Path.of(tools)
            : (cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("llmaz-tools"))
        .resolve("dragonfly-client/bin")
        .resolve(name);
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < PORTS; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
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
}
