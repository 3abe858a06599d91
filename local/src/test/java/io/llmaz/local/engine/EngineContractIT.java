package io.llmaz.local.engine;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.ReadingEngineContract;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TestingSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The engine contract on an embedded seed: what a real dfdaemon is held to as well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineContractIT extends ReadingEngineContract {
  private TestingCluster cluster;
  private TestingSource source;
  private EngineNode seed;
  private DfdaemonEngine engine;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestingCluster(directory);
    source = new TestingSource();
    seed = cluster.seed();
    engine = DfdaemonEngine.start(config());
  }

  private DfdaemonEngineConfig config() {
    InetSocketAddress address = seed.uploadAddress();
    return DfdaemonEngineConfig.of(
        List.of(new SeedAddress(address.getAddress().getHostAddress(), address.getPort())),
        Optional.empty());
  }

  @AfterAll
  void stop() {
    engine.close();
    cluster.close();
    source.close();
  }

  @Override
  protected TestingSource source() {
    return source;
  }

  @Override
  protected DistributionEngine engine() {
    return engine;
  }

  @Override
  protected DistributionEngine anotherEngine() {
    return DfdaemonEngine.start(config());
  }

  @Override
  protected void restartDaemon() throws Exception {
    seed = cluster.restart(seed);
    Awaitility.await().until(engine::available);
  }

  @Override
  protected InetSocketAddress proxy() {
    return seed.proxyAddress();
  }

  @Override
  protected Optional<Path> socket() {
    return Optional.of(seed.socket());
  }
}
