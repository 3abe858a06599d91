package io.llmaz.local.stack;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The engine of a stack: a scheduler and a seed, and daemons for its nodes. */
final class StackEngine implements AutoCloseable {
  private static final int SEED = 251;
  private static final int SCHEDULER = 252;

  private final LoopbackSubnet subnet;
  private final Path directory;
  private final SchedulerServer scheduler;
  private final EngineNode seed;

  /**
   * Starts scheduler and seed.
   *
   * @param directory where daemons keep what they have
   * @throws IOException when one cannot start; then neither runs
   */
  StackEngine(LoopbackSubnet subnet, Path directory) throws IOException {
    this.subnet = subnet;
    this.directory = directory;
    this.scheduler =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(subnet.address(SCHEDULER), 0)));
    try {
      this.seed = EngineNode.start(config("seed", SEED).asSeed().withPorts(0, 0, 0));
    } catch (IOException | RuntimeException e) {
      scheduler.close();
      throw e;
    }
  }

  EngineNode seed() {
    return seed;
  }

  /** Starts the daemon of a node, which is the caller's to close. */
  EngineNode daemon(String name, int host, int uploadPort, int proxyPort) throws IOException {
    return EngineNode.start(config(name, host).withPorts(uploadPort, proxyPort, 0));
  }

  private EngineNodeConfig config(String name, int host) {
    return EngineNodeConfig.at(subnet.address(host), name, directory.resolve(name))
        .withScheduler(new InetSocketAddress(subnet.address(SCHEDULER), scheduler.port()));
  }

  /** Ends everything as a crash would: without a word. */
  void kill(List<EngineNode> daemons) {
    seed.kill();
    daemons.forEach(EngineNode::kill);
    scheduler.close();
  }

  @Override
  public void close() {
    seed.close();
    scheduler.close();
  }
}
