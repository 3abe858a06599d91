package io.llmaz.cli.dfget;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** With the embedded engine's daemon. */
final class EmbeddedDfgetIT extends DfgetContract {
  @Override
  AutoCloseable startDaemon(Path folder, Path socket, InetSocketAddress scheduler)
      throws Exception {
    return EngineNode.start(
        EngineNodeConfig.at(InetAddress.getByName("127.83.9.1"), "dfget", folder.resolve("node"))
            .withScheduler(scheduler)
            .withSocket(socket));
  }
}
