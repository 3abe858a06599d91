package io.llmaz.integration;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** With the embedded engine's daemon. */
final class EmbeddedLinkedLoadIT extends LinkedLoadContract {
  @Override
  Daemon startDaemon(Path folder, InetSocketAddress scheduler) throws Exception {
    EngineNode node =
        EngineNode.start(
            EngineNodeConfig.at(
                    InetAddress.getByName("127.83.10.1"), "linking", folder.resolve("node"))
                .withScheduler(scheduler)
                .withSocket(folder.resolve("d.sock")));
    return new Daemon(node.socket(), node.proxyAddress(), node.uploadAddress(), node);
  }
}
