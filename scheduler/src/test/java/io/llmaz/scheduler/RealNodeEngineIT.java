package io.llmaz.scheduler;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DfdaemonNodes;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.NodeEngine;
import io.llmaz.dragonfly.NodeEngineContract;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.DragonflyScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified dfdaemons under Dragonfly's own scheduler. */
@EnabledIf("installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealNodeEngineIT extends NodeEngineContract {
  private DragonflyScheduler scheduler;
  private TestingSource source;
  private Dfdaemon seed;
  private Dfdaemon node;
  private DfdaemonEngine seeds;
  private DfdaemonNodes nodes;

  static boolean installed() {
    return Dfdaemon.installed() && DragonflyScheduler.installed();
  }

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    scheduler = new DragonflyScheduler(directory);
    source = new TestingSource();
    seed = new Dfdaemon(directory, "seed-a", true, scheduler.port());
    node = new Dfdaemon(directory, "node-b", false, scheduler.port());
    DfdaemonEngineConfig config =
        DfdaemonEngineConfig.of(
            List.of(new SeedAddress("127.0.0.1", seed.uploadPort())), Optional.empty());
    seeds = DfdaemonEngine.start(config);
    nodes = DfdaemonNodes.start(config);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(seeds::available);
  }

  @AfterAll
  void stop() {
    nodes.close();
    seeds.close();
    node.close();
    seed.close();
    source.close();
    scheduler.close();
  }

  @Override
  protected DistributionEngine seeds() {
    return seeds;
  }

  @Override
  protected NodeEngine nodes() {
    return nodes;
  }

  @Override
  protected SeedAddress node() {
    return new SeedAddress("127.0.0.1", node.uploadPort());
  }

  @Override
  protected TestingSource source() {
    return source;
  }
}
