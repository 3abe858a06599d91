package io.llmaz.cli.dfget;

import io.llmaz.parts.Dfdaemon;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

/** With Dragonfly's own dfdaemon, where {@code e2e/tools/install} has built it. */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
final class RealDfgetIT extends DfgetContract {
  @Override
  Daemon startDaemon(Path folder, InetSocketAddress scheduler) throws Exception {
    Dfdaemon dfdaemon = new Dfdaemon(folder, "dfget", false, scheduler.getPort());
    return new Daemon(dfdaemon.socket(), dfdaemon);
  }
}
