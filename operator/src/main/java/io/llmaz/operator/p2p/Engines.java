package io.llmaz.operator.p2p;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.operator.config.GlobalConfig;
import io.llmaz.operator.config.GlobalConfigs;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine that the global configuration names; another one after that changed. Transfers of the
 * old one end with an error and are begun again on the new one, which finds what is there.
 */
final class Engines implements Supplier<DistributionEngine>, AutoCloseable {
  private final GlobalConfigs configs;
  // Both guarded by this.
  private GlobalConfig.@Nullable P2p used;
  private @Nullable DistributionEngine engine;

  Engines(GlobalConfigs configs) {
    this.configs = configs;
  }

  @Override
  public synchronized DistributionEngine get() {
    GlobalConfig.P2p wanted = configs.current().p2p();
    if (engine == null || !wanted.equals(used)) {
      close();
      engine =
          DfdaemonEngine.start(
              DfdaemonEngineConfig.of(
                  wanted.seeds().stream().map(SeedAddress::parse).toList(),
                  Optional.ofNullable(wanted.scheduler()).map(SeedAddress::parse)));
      used = wanted;
    }
    return engine;
  }

  @Override
  public synchronized void close() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
