package io.llmaz.local.stack;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The engine of a stack: a scheduler and a seed, and daemons for its nodes. */
final class StackEngine implements AutoCloseable {
  private static final int SEED = 251;
  private static final int SCHEDULER = 252;

  private final LoopbackSubnet subnet;
  private final Path daemons;
  private final Runnable closeScheduler;
  private final int schedulerPort;
  private final EngineNode seed;

  /**
   * Starts scheduler and seed.
   *
   * @param directory where daemons keep what they have
   * @throws IOException when one cannot start; then neither runs
   */
  StackEngine(LoopbackSubnet subnet, Path directory, Programs programs) throws IOException {
    this.subnet = subnet;
    this.daemons = directory.resolve("daemons");
    if (programs.command("scheduler").isPresent()) {
      StackProcess process = schedulerProcess(programs, directory);
      closeScheduler = process::close;
      schedulerPort = Integer.parseInt(process.awaitListening().split(" ")[0]);
    } else {
      SchedulerServer server =
          SchedulerServer.start(
              SchedulerConfig.at(new InetSocketAddress(subnet.address(SCHEDULER), 0)));
      closeScheduler = server::close;
      schedulerPort = server.port();
    }
    try {
      this.seed = EngineNode.start(config("seed", SEED).asSeed().withPorts(0, 0, 0));
    } catch (IOException | RuntimeException e) {
      closeScheduler.run();
      throw e;
    }
  }

  private StackProcess schedulerProcess(Programs programs, Path directory) throws IOException {
    String address = subnet.address(SCHEDULER).getHostAddress() + ":0";
    return StackProcess.start(
        programs,
        "scheduler",
        directory.resolve("scheduler"),
        Map.of("LLMAZ_SCHEDULER_LISTEN", address, "LLMAZ_SCHEDULER_HTTP_LISTEN", address));
  }

  EngineNode seed() {
    return seed;
  }

  /** Starts the daemon of a node, which is the caller's to close. */
  EngineNode daemon(String name, int host, int uploadPort, int proxyPort) throws IOException {
    return EngineNode.start(config(name, host).withPorts(uploadPort, proxyPort, 0));
  }

  private EngineNodeConfig config(String name, int host) {
    return EngineNodeConfig.at(subnet.address(host), name, daemons.resolve(name))
        .withScheduler(new InetSocketAddress(subnet.address(SCHEDULER), schedulerPort));
  }

  /** Ends everything as a crash would: without a word. */
  void kill(List<EngineNode> nodes) {
    seed.kill();
    nodes.forEach(EngineNode::kill);
    closeScheduler.run();
  }

  @Override
  public void close() {
    seed.close();
    closeScheduler.run();
  }
}
