package io.llmaz.local.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Where a stack's parts listen. Kept in a stack's folder, so that what objects say (an image's
 * registry, a gateway's address) is still true when it goes on another time.
 *
 * @param subnet of the nodes
 * @param proxy port of every node's daemon
 * @param apiServer port of 127.0.0.1; 0 takes a free one
 * @param hub port of 127.0.0.1; its content host and registry have the next two
 * @param gateway port of 127.0.0.1; 0 takes a free one
 */
record StackAddresses(LoopbackSubnet subnet, int proxy, int apiServer, int hub, int gateway) {
  // After a kill the children of the last run need a moment to notice.
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final long LOOK_MILLIS = 200;
  private static final int HUB_PORTS = 3;
  private static final int ATTEMPTS = 50;
  private static final int LAST_PORT = 65_535;

  /** Addresses that nobody uses. */
  static StackAddresses free(int apiServer) throws IOException {
    requireFree("the API server", apiServer);
    LoopbackSubnet subnet = LoopbackSubnet.free(new SplittableRandom());
    return new StackAddresses(subnet, subnet.freePort(), apiServer, freeRow(), 0);
  }

  /**
   * Those of the last run.
   *
   * @throws IOException when the file is unreadable, or a port of it is in use
   */
  static StackAddresses load(Path file) throws IOException {
    Properties kept = new Properties();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      kept.load(reader);
    }
    int hub = number(kept, "hub", file);
    for (int i = 0; i < HUB_PORTS; i++) {
      requireFree("the hub (kept in " + file + ")", hub + i);
    }
    for (String name : new String[] {"apiServer", "gateway"}) {
      requireFree(name + " (kept in " + file + ")", number(kept, name, file));
    }
    return new StackAddresses(
        new LoopbackSubnet(number(kept, "subnet", file)),
        number(kept, "proxy", file),
        number(kept, "apiServer", file),
        hub,
        number(kept, "gateway", file));
  }

  /** The first of some free ports in a row. */
  private static int freeRow() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int first;
      try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        first = probe.getLocalPort();
      }
      boolean free = first + HUB_PORTS <= LAST_PORT;
      for (int i = 0; free && i < HUB_PORTS; i++) {
        free = isFree(first + i);
      }
      if (free) {
        return first;
      }
    }
    throw new IOException("no " + HUB_PORTS + " free ports in a row");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static int number(Properties kept, String name, Path file) throws IOException {
    try {
      return Integer.parseInt(kept.getProperty(name, "missing"));
    } catch (NumberFormatException e) {
      throw new IOException(
          "%s: %s is %s, not a number".formatted(file, name, kept.getProperty(name, "missing")), e);
    }
  }

  /** Keeps them, all at once or not. */
  void save(Path file) throws IOException {
    Map<String, Integer> all = new TreeMap<>();
    all.put("subnet", subnet.first());
    all.put("proxy", proxy);
    all.put("apiServer", apiServer);
    all.put("hub", hub);
    all.put("gateway", gateway);
    StringBuilder text = new StringBuilder();
    all.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, text);
    Files.move(beside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static void requireFree(String what, int port) throws IOException {
    Instant end = Instant.now().plus(PATIENCE);
    while (port != 0 && !isFree(port)) {
      if (Instant.now().isAfter(end)) {
        throw new IOException("port %d for %s is in use".formatted(port, what));
      }
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
