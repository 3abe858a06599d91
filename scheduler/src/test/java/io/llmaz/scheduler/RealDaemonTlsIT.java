package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TestingCertificates;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.dragonfly.TlsFiles;
import io.llmaz.parts.Dfdaemon;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified dfdaemon that asks for certificates, and our driver. */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
class RealDaemonTlsIT {
  @Test
  void distribute_daemonAsksForCertificates_worksWithOursAndNotWithout(@TempDir Path directory)
      throws Exception {
    TestingCertificates authority = new TestingCertificates(directory.resolve("authority"));
    Path ours = authority.issue("operator", "dns:operator");
    Path its = authority.issue("daemon", "ip:127.0.0.1");
    try (SchedulerServer scheduler =
            SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress("127.0.0.1", 0)));
        TestingSource source = new TestingSource();
        Dfdaemon seed =
            Dfdaemon.withCertificates(directory, "seed-tls", true, scheduler.port(), its)) {
      FileTask file = new FileTask(source.publish("f", 9), "f", Map.of());
      DfdaemonEngineConfig config =
          DfdaemonEngineConfig.of(
              List.of(new SeedAddress("127.0.0.1", seed.uploadPort())), Optional.empty());

      try (DfdaemonEngine engine =
              DfdaemonEngine.start(config.withTls(Optional.of(new TlsFiles(ours, null))));
          DfdaemonEngine plain = DfdaemonEngine.start(config)) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(engine::available);
        Progress whole = engine.distribute(file, progress -> {}).get(30, TimeUnit.SECONDS);

        assertThat(whole)
            .usingRecursiveComparison()
            .ignoringFields("seed")
            .isEqualTo(new Progress(file.taskId(), 9, 9, 9));
        assertThat(plain.available()).isFalse();
      }
    }
  }
}
