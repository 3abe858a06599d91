package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.StatTaskRequest;
import io.llmaz.parts.Dfdaemon;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two schedulers share the tasks: unmodified dfdaemons 1.5.10 choose by a hash ring over task ids,
 * and look every {@code dynconfig.refreshInterval} who is still there.
 */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
class RealDaemonRingIT {
  private static final int FILES = 8;

  /** Ports are free ones, and with them the ring: rarely eight files are all of one scheduler. */
  private static final int FILES_AT_MOST = 40;

  private static final int LENGTH = (5 << 20) + 1;
  private static final Duration SOON = Duration.ofSeconds(2);

  /** Longer than the test takes. */
  private static final Duration LATE = Duration.ofMinutes(10);

  @TempDir private Path directory;
  private TestingSource source;
  private SchedulerServer stays;
  private SchedulerServer lost;
  private final List<Dfdaemon> daemons = new ArrayList<>();
  private int files;

  @BeforeEach
  void startSchedulers() throws IOException {
    source = new TestingSource();
    stays = SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress("127.0.0.1", 0)));
    lost = SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress("127.0.0.1", 0)));
  }

  @AfterEach
  void stop() {
    // Each takes seconds to leave.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      daemons.forEach(daemon -> threads.execute(daemon::close));
    }
    lost.close();
    stays.close();
    source.close();
  }

  @Test
  void fetch_oneOfTwoSchedulersIsLost_theOtherServesItsTasksToo() throws Exception {
    start(SOON);
    fetchByOne();
    String task = lose();
    awaitNoticed(seed(), task);
    awaitNoticed(two(), task);

    fetchByTwo();

    assertThat(source.sent()).as("read once").isEqualTo((long) files * LENGTH);
  }

  @Test
  void fetch_seedHasNotNoticedTheLoss_theOtherServesItsTasksToo() throws Exception {
    start(LATE);
    fetchByOne();
    String task = lose();
    awaitNoticed(two(), task);

    fetchByTwo();

    assertThat(source.sent()).as("read once").isEqualTo((long) files * LENGTH);
  }

  private void start(Duration seedLooks) throws IOException {
    daemons.add(daemon(seedLooks, "seed-a", true));
    daemons.add(daemon(SOON, "peer-1", false));
    daemons.add(daemon(SOON, "peer-2", false));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> stays.hostCount() == 3 && lost.hostCount() == 3);
  }

  private Dfdaemon seed() {
    return daemons.get(0);
  }

  private Dfdaemon two() {
    return daemons.get(2);
  }

  private void fetchByOne() throws Exception {
    while (files < FILES || lost.taskIds().isEmpty() || stays.taskIds().isEmpty()) {
      assertThat(files).isLessThan(FILES_AT_MOST);
      fetch(daemons.get(1), files++);
    }
    assertThat(source.sent()).isEqualTo((long) files * LENGTH);
  }

  private void fetchByTwo() throws Exception {
    for (int i = 0; i < files; i++) {
      fetch(two(), i);
    }
  }

  private void fetch(Dfdaemon daemon, int number) throws Exception {
    String name = "ring-" + number;
    URI url = source.publish(name, LENGTH);
    Path file = daemon.fetch(url.toString(), name, name);
    assertThat(Files.readAllBytes(file)).isEqualTo(source.content(name));
  }

  /** Loses a scheduler; the id of one of its tasks. */
  private String lose() {
    String task = lost.taskIds().getFirst();
    lost.close();
    return task;
  }

  /** Waits until a daemon asks the other scheduler for a task, which has not heard of it. */
  private static void awaitNoticed(Dfdaemon daemon, String lostTask) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", daemon.uploadPort()).usePlaintext().build();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThatThrownBy(() ->
                      DfdaemonUploadGrpc.newBlockingStub(channel)
                          .statTask(StatTaskRequest.newBuilder().setTaskId(lostTask).build()))
                  .hasMessageContaining("task " + lostTask + " not found"));
    } finally {
      channel.shutdownNow();
    }
  }

  private Dfdaemon daemon(Duration looks, String hostname, boolean seed) throws IOException {
    return Dfdaemon.looking(looks, directory, hostname, seed, lost.port(), stays.port());
  }
}
