package io.llmaz.integration;

import io.llmaz.parts.Dfdaemon;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

/** With Dragonfly's own dfdaemon, where {@code e2e/tools/install} has built it. */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
final class RealLinkedLoadIT extends LinkedLoadContract {
  @Override
  Daemon startDaemon(Path folder, InetSocketAddress scheduler) throws Exception {
    Dfdaemon dfdaemon = new Dfdaemon(folder, "linking", false, scheduler.getPort());
    return new Daemon(
        dfdaemon.socket(), at(dfdaemon.proxyPort()), at(dfdaemon.uploadPort()), dfdaemon);
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
