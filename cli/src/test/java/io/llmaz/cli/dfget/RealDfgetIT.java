package io.llmaz.cli.dfget;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

/** With Dragonfly's own dfdaemon, where {@code e2e/tools/install} has built it. */
@EnabledIf("io.llmaz.cli.dfget.TestingDaemonProcess#installed")
final class RealDfgetIT extends DfgetContract {
  @Override
  AutoCloseable startDaemon(Path folder, Path socket, InetSocketAddress scheduler)
      throws Exception {
    return new TestingDaemonProcess(folder, socket, scheduler);
  }
}
