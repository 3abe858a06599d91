package io.llmaz.parts;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Dragonfly's own manager on loopback, with the database and the Redis that it needs. It makes a
 * first scheduler cluster with the id 1 by itself.
 */
public final class DragonflyManager implements AutoCloseable {
  /** A personal access token that it takes. */
  public static final String TOKEN = "a-token-of-the-tests";

  private static final String PROGRAM = "manager";

  private final List<Integer> ports = FreePorts.of(2);
  private final Postgres database;
  private final Redis redis;
  private final RunningProgram program;

  /** Whether it and what it needs are on this machine. */
  public static boolean installed() {
    return Tools.installed(PROGRAM) && Postgres.installed() && Redis.installed();
  }

  /** Starts one that keeps its files in a folder of this parent. */
  public DragonflyManager(Path parent) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("manager"));
    database = new Postgres(directory);
    redis = new Redis(directory);
    Path config = directory.resolve("manager.yaml");
    Files.writeString(
        config,
        """
        server:
          logDir: DIR/log
          pluginDir: DIR/plugins
          grpc: {advertiseIP: 127.0.0.1, listenIP: 127.0.0.1, port: {start: %1$d, end: %1$d}}
          rest: {addr: '127.0.0.1:%2$d'}
        auth: {jwt: {key: 'YS1rZXktb2YtdGhlLXRlc3Rz'}}
        database:
          type: postgres
          postgres: {user: USER, password: none, host: 127.0.0.1, port: %3$d, dbname: USER, sslMode: disable, timezone: UTC, migrate: true}
          redis: {addrs: ['%4$s'], db: 0, brokerDB: 1, backendDB: 2, proxy: {enable: false}}
        metrics: {enable: false}
        """
            .formatted(ports.getFirst(), ports.getLast(), database.port(), redisAddress())
            .replace("USER", Postgres.USER)
            .replace("DIR", directory.toString()));
    program =
        new RunningProgram(
            List.of(Tools.require(PROGRAM).toString(), "--config", config.toString(), "--console"),
            Map.of("DRAGONFLY_PAT", TOKEN),
            directory.resolve("out.log"),
            () ->
                RunningProgram.listens(ports.getFirst())
                    && RunningProgram.listens(ports.getLast()));
  }

  /** Of its REST server. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + ports.getLast());
  }

  /** The port of {@code manager.v2}, on 127.0.0.1. */
  int port() {
    return ports.getFirst();
  }

  /** Through which jobs go. */
  String redisAddress() {
    return "127.0.0.1:" + redis.port();
  }

  @Override
  public void close() throws IOException {
    program.close();
    redis.close();
    database.close();
  }
}
