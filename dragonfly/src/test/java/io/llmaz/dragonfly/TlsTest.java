package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.common.Host;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that takes only those whose certificate its authority signed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private static final FileTask FILE = new FileTask(URI.create("http://source/f"), "f", Map.of());

  private final List<DistributionEngine> engines = new ArrayList<>();
  private Path ours;
  private Path foreign;
  private TestingDfdaemon daemon;
  private TestingDfdaemon named;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    TestingCertificates authority = new TestingCertificates(directory.resolve("ours"));
    ours = authority.issue("operator", "dns:operator");
    daemon = daemon(authority.issue("daemon", "ip:127.0.0.1"));
    named = daemon(authority.issue("named", "dns:dfdaemon"));
    foreign =
        new TestingCertificates(directory.resolve("foreign")).issue("operator", "dns:operator");
  }

  @AfterEach
  void closeEngines() {
    engines.forEach(DistributionEngine::close);
    engines.clear();
  }

  @AfterAll
  void stop() throws InterruptedException {
    daemon.close();
    named.close();
  }

  @Test
  void distribute_withCertificates_works() throws Exception {
    assertThat(distribute(engine(daemon, ours, null))).matches(Progress::complete);
  }

  @Test
  void distribute_seedsListedByASchedulerWithCertificates_works() throws Exception {
    daemon.hosts.add(
        Host.newBuilder().setType(1).setIp("127.0.0.1").setPort(daemon.address().port()).build());
    DistributionEngine engine =
        start(
            DfdaemonEngineConfig.of(List.of(), Optional.of(daemon.address()))
                .withTls(Optional.of(new TlsFiles(ours, null))));

    assertThat(distribute(engine)).matches(Progress::complete);
  }

  @Test
  void has_nodeWithCertificates_answers() throws Exception {
    try (DfdaemonNodes nodes =
        DfdaemonNodes.start(
            DfdaemonEngineConfig.of(List.of(daemon.address()), Optional.empty())
                .withTls(Optional.of(new TlsFiles(ours, null))))) {
      nodes.fetch(daemon.address(), FILE);

      assertThat(nodes.has(daemon.address(), FILE.taskId())).isTrue();
    }
  }

  @Test
  void distribute_certificateOfAName_isTakenForThatNameAlone() throws Exception {
    assertThat(distribute(engine(named, ours, "dfdaemon"))).matches(Progress::complete);
    assertUnavailable(engine(named, ours, null), "SSL");
  }

  @Test
  void distribute_signedByAnotherAuthority_saysSo() {
    assertUnavailable(engine(daemon, foreign, null), "SSL");
  }

  @Test
  void distribute_inTheClear_isUnavailable() {
    DistributionEngine plain =
        start(DfdaemonEngineConfig.of(List.of(daemon.address()), Optional.empty()));

    assertUnavailable(plain, "does not serve");
    assertThat(plain.available()).isFalse();
  }

  @Test
  void distribute_filesNotThereYet_namesTheFolderAndWorksWhenTheyAre(@TempDir Path mounted)
      throws Exception {
    Path late = mounted.resolve("late");
    DistributionEngine engine = engine(daemon, late, null);
    assertUnavailable(engine, late.toString());

    Files.createDirectories(late);
    for (String name : List.of("ca.crt", "tls.crt", "tls.key")) {
      Files.copy(ours.resolve(name), late.resolve(name));
    }

    assertThat(distribute(engine)).matches(Progress::complete);
  }

  private TestingDfdaemon daemon(Path folder) throws IOException {
    ServerCredentials credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(folder.resolve("tls.crt").toFile(), folder.resolve("tls.key").toFile())
            .trustManager(folder.resolve("ca.crt").toFile())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    TestingDfdaemon started = new TestingDfdaemon(credentials);
    started.publish(FILE.url().toString(), 9);
    return started;
  }

  private DistributionEngine engine(TestingDfdaemon seed, Path folder, @Nullable String name) {
    return start(
        DfdaemonEngineConfig.of(List.of(seed.address()), Optional.empty())
            .withTls(Optional.of(new TlsFiles(folder, name))));
  }

  private DistributionEngine start(DfdaemonEngineConfig config) {
    DistributionEngine engine = DfdaemonEngine.start(config);
    engines.add(engine);
    return engine;
  }

  private static Progress distribute(DistributionEngine engine) throws Exception {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(engine::available);
    return engine.distribute(FILE, progress -> {}).get(20, TimeUnit.SECONDS);
  }

  private static void assertUnavailable(DistributionEngine engine, String why) {
    assertThatThrownBy(() -> engine.distribute(FILE, progress -> {}).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            EngineException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
              assertThat(failure).hasMessageContaining(why);
            });
  }
}
