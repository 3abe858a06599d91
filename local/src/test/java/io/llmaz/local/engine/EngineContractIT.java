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
  private DfdaemonEngine engine;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestingCluster(directory);
    source = new TestingSource();
    InetSocketAddress seed = cluster.seed().uploadAddress();
    engine =
        DfdaemonEngine.start(
            DfdaemonEngineConfig.of(
                List.of(new SeedAddress(seed.getAddress().getHostAddress(), seed.getPort())),
                Optional.empty()));
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
  protected void holdSource() {
    source.hold();
  }

  @Override
  protected void releaseSource() {
    source.release();
  }
}
