package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real dfdaemon of Dragonfly on loopback, told apart from others by its host name. */
public final class Dfdaemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Dragonfly's own. */
  private static final Duration REFRESH = Duration.ofSeconds(60);

  private RunningProgram program;
  private final Path directory;
  private final List<Integer> ports = FreePorts.of(7);

  /** Whether the real daemon and its dfget are on this machine. */
  public static boolean installed() {
    return Tools.installed("dfdaemon", "dfget");
  }

  /**
   * Starts one that keeps its files in a folder of this parent, and returns when it listens.
   *
   * @param schedulerPorts of schedulers on 127.0.0.1, which share the tasks by a hash ring
   */
  public Dfdaemon(Path parent, String hostname, boolean seed, Integer... schedulerPorts)
      throws IOException {
    this(parent, hostname, seed, List.of(schedulerPorts), REFRESH, Optional.empty());
  }

  /**
   * One that looks now and then which of its schedulers are there.
   *
   * @param refresh how often
   */
  public static Dfdaemon looking(
      Duration refresh, Path parent, String hostname, boolean seed, Integer... schedulerPorts)
      throws IOException {
    return new Dfdaemon(parent, hostname, seed, List.of(schedulerPorts), refresh, Optional.empty());
  }

  /**
   * One that speaks with those alone who have a certificate of its authority.
   *
   * @param certificates a folder with {@code ca.crt}, {@code tls.crt} and {@code tls.key}
   */
  public static Dfdaemon withCertificates(
      Path parent, String hostname, boolean seed, int schedulerPort, Path certificates)
      throws IOException {
    return new Dfdaemon(
        parent, hostname, seed, List.of(schedulerPort), REFRESH, Optional.of(certificates));
  }

  private Dfdaemon(
      Path parent,
      String hostname,
      boolean seed,
      List<Integer> schedulerPorts,
      Duration refresh,
      Optional<Path> certificates)
      throws IOException {
    directory = Files.createDirectories(parent.resolve(hostname));
    Path dynamic = directory.resolve("dynconfig.yaml");
    Files.writeString(
        dynamic,
        schedulerPorts.stream()
            .map(port -> "'127.0.0.1:" + port + "'")
            .collect(Collectors.joining(", ", "scheduler: {addrs: [", "]}\n")));
    Path config = directory.resolve("dfdaemon.yaml");
    Files.writeString(
        config,
        """
        host: {ip: 127.0.0.1, hostname: NAME}
        SEED
        server: {pluginDir: DIR/plugins, cacheDir: DIR/cache}
        download: {protocol: tcp, server: {socketPath: SOCKET}}
        upload: {server: {ip: 127.0.0.1, port: %dTLS}}
        proxy: {server: {ip: 127.0.0.1, port: %d}}
        metrics: {server: {ip: 127.0.0.1, port: %d}}
        health: {server: {ip: 127.0.0.1, port: %d}}
        stats: {server: {ip: 127.0.0.1, port: %d}}
        storage: {dir: DIR/store, keep: true, server: {ip: 127.0.0.1, tcpPort: %d, quicPort: %d}}
        scheduler: {announceInterval: 2s}
        dynconfig: {refreshInterval: REFRESH}
        """
            .formatted(ports.toArray())
            .replace("NAME", hostname)
            .replace("REFRESH", refresh.toSeconds() + "s")
            .replace(
                "TLS",
                certificates
                    .map(of ->
                        ", caCert: %1$s/ca.crt, cert: %1$s/tls.crt, key: %1$s/tls.key"
                            .formatted(of))
                    .orElse(""))
            .replace("SEED", seed ? "seedPeer: {enable: true, type: super}" : "")
            .replace("SOCKET", socket().toString())
            .replace("DIR", directory.toString()));
    program = run();
  }

  private RunningProgram run() throws IOException {
    return new RunningProgram(
        List.of(
            Tools.require("dfdaemon").toString(),
            "--config",
            directory.resolve("dfdaemon.yaml").toString(),
            "--dynconfig",
            directory.resolve("dynconfig.yaml").toString(),
            "--log-dir",
            directory.resolve("log").toString(),
            "--console"),
        directory.resolve("out.log"),
        () -> Files.exists(socket()) && RunningProgram.listens(uploadPort()));
  }

  /** Ends it and starts it again on its disk; returns when it listens. */
  public void restart() throws IOException {
    program.close();
    Files.deleteIfExists(socket());
    program = run();
  }

  /** The unix socket of {@code DfdaemonDownload}. */
  public Path socket() {
    return directory.resolve("dfdaemon.sock");
  }

  /** The port of {@code DfdaemonUpload}, on 127.0.0.1. */
  public int uploadPort() {
    return ports.getFirst();
  }

  /** The port of the HTTP proxy, on 127.0.0.1. */
  public int proxyPort() {
    return ports.get(1);
  }

  /**
   * Fetches a file with the real dfget through this daemon.
   *
   * @param options more of dfget's
   * @throws IOException with dfget's words when it fails
   */
  public Path fetch(String url, String contentKey, String name, String... options)
      throws IOException, InterruptedException {
    Path output = directory.resolve(name);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                url,
                "--output",
                output.toString(),
                "--content-for-calculating-task-id",
                contentKey,
                "--no-progress",
                "--console"));
    arguments.addAll(List.of(options));
    run("dfget", arguments, name);
    return output;
  }

  /**
   * Asks the real dfcache for something through this daemon.
   *
   * @throws IOException with dfcache's words when it fails
   */
  public void dfcache(String... arguments) throws IOException, InterruptedException {
    run("dfcache", List.of(arguments), "dfcache");
  }

  private void run(String program, List<String> arguments, String name)
      throws IOException, InterruptedException {
    Path log = directory.resolve(name + ".log");
    List<String> command = new ArrayList<>(List.of(Tools.require(program).toString()));
    command.addAll(arguments);
    command.addAll(List.of("--endpoint", socket().toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(program + " failed: " + Files.readString(log));
    }
  }

  /** As a machine that loses its power. */
  public void kill() throws InterruptedException {
    program.kill();
  }

  @Override
  public void close() {
    program.close();
  }
}
