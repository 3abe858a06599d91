package io.llmaz.local.engine;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.DistributionEngineContract;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TestingSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The engine contract on an embedded seed: what a real dfdaemon is held to as well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineContractIT extends DistributionEngineContract {
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

  @AfterEach
  void open() {
    source.release();
  }

  @Override
  protected DistributionEngine engine() {
    return engine;
  }

  @Override
  protected FileTask file(String name, int length) {
    return new FileTask(source.publish(name, length), name, Map.of());
  }

  @Override
  protected FileTask missingFile() {
    return new FileTask(source.address("none"), "none", Map.of());
  }

  @Override
  protected FileTask refusedFile(String name, int status) {
    return new FileTask(source.refuse(name, status), name, Map.of());
  }

  @Override
  protected void removeFromSource(String name) {
    source.remove(name);
  }

  @Override
  protected long sentBySource() {
    return source.sent();
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
  protected Optional<Path> socket() {
    return Optional.of(seed.socket());
  }

  @Override
  protected void holdSource() {
    source.hold();
  }

  @Override
  protected void releaseSource() {
    source.release();
  }
}
