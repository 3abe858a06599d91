package io.llmaz.scheduler;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.ReadingEngineContract;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.parts.Dfdaemon;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The engine contract on an unmodified dfdaemon under our scheduler, found through it. */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealDaemonContractIT extends ReadingEngineContract {
  private Scheduler scheduler;
  private TestingSource source;
  private Dfdaemon seed;
  private DfdaemonEngine engine;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    scheduler = startScheduler(directory);
    source = new TestingSource();
    seed = new Dfdaemon(directory, "seed-a", true, scheduler.port());
    engine = DfdaemonEngine.start(config());
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(engine::available);
  }

  /** What the daemon is scheduled by. */
  record Scheduler(int port, AutoCloseable process) {}

  Scheduler startScheduler(Path directory) throws IOException {
    SchedulerServer ours =
        SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress("127.0.0.1", 0)));
    return new Scheduler(ours.port(), ours);
  }

  private DfdaemonEngineConfig config() {
    return new DfdaemonEngineConfig(
        List.of(),
        Optional.of(new SeedAddress("127.0.0.1", scheduler.port())),
        Duration.ofSeconds(3),
        Duration.ofSeconds(20),
        Duration.ZERO,
        Optional.empty());
  }

  @AfterAll
  void stop() throws Exception {
    engine.close();
    seed.close();
    source.close();
    scheduler.process().close();
  }

  @Override
  protected TestingSource source() {
    return source;
  }

  @Override
  protected DistributionEngine engine() {
    return engine;
  }

  @Override
  protected DistributionEngine anotherEngine() {
    return DfdaemonEngine.start(config());
  }

  @Override
  protected void restartDaemon() throws Exception {
    seed.restart();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(engine::available);
  }

  @Override
  protected InetSocketAddress proxy() {
    return new InetSocketAddress("127.0.0.1", seed.proxyPort());
  }

  @Override
  protected Optional<Path> socket() {
    return Optional.of(seed.socket());
  }
}
