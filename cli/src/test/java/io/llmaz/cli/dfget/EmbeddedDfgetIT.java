package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void dfget_folder_isRefusedAsThisDaemonListsNone(@TempDir Path output) {
    DfgetRun run = DfgetRun.of("hf://owner/repo/", "-O", output, "-e", socket());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("this daemon lists no folders");
  }
}
