package io.llmaz.cli.dfget;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** With the embedded engine's daemon. */
final class EmbeddedDfgetIT extends DfgetContract {
  @Override
  Daemon startDaemon(Path folder, InetSocketAddress scheduler) throws Exception {
    Path socket = folder.resolve("d.sock");
    EngineNode node =
        EngineNode.start(
            EngineNodeConfig.at(
                    InetAddress.getByName("127.83.9.1"), "dfget", folder.resolve("node"))
                .withScheduler(scheduler)
                .withSocket(socket));
    return new Daemon(socket, node);
  }
}
