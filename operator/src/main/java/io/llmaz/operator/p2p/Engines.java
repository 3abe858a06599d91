package io.llmaz.operator.p2p;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DfdaemonNodes;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.ManagerEngine;
import io.llmaz.dragonfly.ManagerEngineConfig;
import io.llmaz.dragonfly.NodeEngine;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TlsFiles;
import io.llmaz.operator.config.GlobalConfig;
import io.llmaz.operator.config.GlobalConfigs;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engines that the global configuration names, of seeds and of nodes; others after that
 * changed. Transfers of the old ones end with an error and are begun again on the new ones, which
 * find what is there.
 */
final class Engines implements Supplier<DistributionEngine>, AutoCloseable {
  private final GlobalConfigs configs;
  // Both guarded by this.
  private GlobalConfig.@Nullable P2p used;
  private @Nullable DistributionEngine engine;
  private @Nullable NodeEngine nodes;

  Engines(GlobalConfigs configs) {
    this.configs = configs;
  }

  @Override
  public synchronized DistributionEngine get() {
    GlobalConfig.P2p wanted = follow();
    if (engine == null) {
      engine = engine(wanted);
    }
    return engine;
  }

  /** The same daemons, those of nodes. */
  synchronized NodeEngine nodes() {
    GlobalConfig.P2p wanted = follow();
    if (nodes == null) {
      nodes = DfdaemonNodes.start(config(wanted));
    }
    return nodes;
  }

  private GlobalConfig.P2p follow() {
    GlobalConfig.P2p wanted = configs.current().p2p();
    if (!wanted.equals(used)) {
      close();
      used = wanted;
    }
    return wanted;
  }

  private static DistributionEngine engine(GlobalConfig.P2p wanted) {
    GlobalConfig.Manager manager = wanted.manager();
    if (manager == null) {
      return DfdaemonEngine.start(config(wanted));
    }
    DistributionEngine models =
        ManagerEngine.start(
            ManagerEngineConfig.of(
                manager.address(),
                manager.tokenFile(),
                Optional.ofNullable(manager.authority()),
                manager.schedulerClusters(),
                Objects.requireNonNull(wanted.gateway())));
    return wanted.seeds().isEmpty() && wanted.scheduler() == null
        ? models
        : new ImagesApart(models, DfdaemonEngine.start(config(wanted)));
  }

  private static DfdaemonEngineConfig config(GlobalConfig.P2p wanted) {
    return DfdaemonEngineConfig.of(
            wanted.seeds().stream().map(SeedAddress::parse).toList(),
            Optional.ofNullable(wanted.scheduler()).map(SeedAddress::parse))
        .withTls(
            Optional.ofNullable(wanted.tls())
                .map(tls -> new TlsFiles(tls.directory(), tls.serverName())));
  }

  @Override
  public synchronized void close() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
    if (nodes != null) {
      nodes.close();
      nodes = null;
    }
  }
}
