package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The store behind a test's API server; it may lose data with the machine, so it does not wait for
 * the disk.
 */
final class Etcd implements AutoCloseable {
  private final List<Integer> ports = FreePorts.of(2);
  private final RunningProgram program;

  Etcd(Path parent) throws IOException {
    String peers = "http://127.0.0.1:" + ports.getLast();
    program =
        new RunningProgram(
            List.of(
                Tools.require("etcd").toString(),
                "--data-dir=" + parent.resolve("etcd"),
                "--unsafe-no-fsync",
                "--listen-client-urls=" + address(),
                "--advertise-client-urls=" + address(),
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers),
            parent.resolve("etcd.log"),
            () -> RunningProgram.listens(ports.getFirst()));
  }

  String address() {
    return "http://127.0.0.1:" + ports.getFirst();
  }

  long pid() {
    return program.pid();
  }

  @Override
  public void close() {
    program.close();
  }
}
