package io.llmaz.local.engine;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DfdaemonNodes;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.NodeEngine;
import io.llmaz.dragonfly.NodeEngineContract;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TestingSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Embedded daemons. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeEngineIT extends NodeEngineContract {
  private TestingCluster cluster;
  private TestingSource source;
  private EngineNode node;
  private DfdaemonEngine seeds;
  private DfdaemonNodes nodes;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestingCluster(directory);
    source = new TestingSource();
    DfdaemonEngineConfig config =
        DfdaemonEngineConfig.of(List.of(address(cluster.seed())), Optional.empty());
    node = cluster.peer("node");
    seeds = DfdaemonEngine.start(config);
    nodes = DfdaemonNodes.start(config);
  }

  @AfterAll
  void stop() {
    nodes.close();
    seeds.close();
    cluster.close();
    source.close();
  }

  private static SeedAddress address(EngineNode daemon) {
    InetSocketAddress upload = daemon.uploadAddress();
    return new SeedAddress(upload.getAddress().getHostAddress(), upload.getPort());
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
    return address(node);
  }

  @Override
  protected TestingSource source() {
    return source;
  }
}
