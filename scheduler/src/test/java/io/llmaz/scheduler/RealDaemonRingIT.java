package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.TaskIds;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.parts.Dfdaemon;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two schedulers share the tasks: unmodified dfdaemons 1.5.10 choose by a hash ring over the first
 * five digits of a task's id, and look every {@code dynconfig.refreshInterval} who is still there.
 */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
class RealDaemonRingIT {
  private static final int FILES = 8;
  private static final int LENGTH = (5 << 20) + 1;

  @TempDir private Path directory;
  private int tried;

  @Test
  void fetch_oneOfTwoSchedulersIsLost_theOtherServesItsTasksToo() throws Exception {
    try (TestingSource source = new TestingSource();
        SchedulerServer stays = scheduler();
        SchedulerServer lost = scheduler();
        Dfdaemon seed = daemon("seed-a", true, stays, lost);
        Dfdaemon one = daemon("peer-1", false, stays, lost);
        Dfdaemon two = daemon("peer-2", false, stays, lost)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> stays.hostCount() == 3 && lost.hostCount() == 3);
      fetchAll(one, source, "before");
      assertThat(source.sent()).isEqualTo((long) FILES * LENGTH);
      assertThat(stays.taskIds()).isNotEmpty();
      assertThat(lost.taskIds()).isNotEmpty();

      String digits = lost.taskIds().getFirst().substring(0, 5);
      lost.close();
      awaitNoticed(seed, source, digits, stays);
      awaitNoticed(two, source, digits, stays);
      long before = source.sent();
      fetchAll(two, source, "after");

      assertThat(source.sent()).isEqualTo(before);
    }
  }

  private static void fetchAll(Dfdaemon daemon, TestingSource source, String prefix)
      throws Exception {
    for (int i = 0; i < FILES; i++) {
      String name = "ring-" + i;
      URI url = source.publish(name, LENGTH);
      Path file = daemon.fetch(url.toString(), name, prefix + i);
      assertThat(Files.readAllBytes(file)).isEqualTo(source.content(name));
    }
  }

  /** Waits until a daemon brings tasks to a scheduler that had another before. */
  private void awaitNoticed(
      Dfdaemon daemon, TestingSource source, String digits, SchedulerServer scheduler) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          String key = keyWith(digits);
          daemon.fetch(source.publish(key, LENGTH).toString(), key, key);
          return scheduler.taskIds().contains(TaskIds.ofContent(key));
        });
  }

  /** The next name whose task's id begins with these digits. */
  private String keyWith(String digits) {
    String key = "";
    while (!TaskIds.ofContent(key).startsWith(digits)) {
      key = "probe-" + tried++;
    }
    return key;
  }

  private static SchedulerServer scheduler() {
    return SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress("127.0.0.1", 0)));
  }

  private Dfdaemon daemon(
      String hostname, boolean seed, SchedulerServer first, SchedulerServer second)
      throws IOException {
    return new Dfdaemon(directory, hostname, seed, first.port(), second.port());
  }
}
