package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DfdaemonNodes;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.SeedOrder;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.DragonflyScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Which seed Dragonfly's own scheduler asks for a task that nobody has, beside our order. */
@EnabledIf("installed")
class RealSeedChoiceIT {
  private static final int TASKS = 8;

  static boolean installed() {
    return Dfdaemon.installed() && DragonflyScheduler.installed();
  }

  @Test
  void scheduler_taskThatNobodyHas_asksTheSeedThatWeWouldAsk(@TempDir Path directory)
      throws Exception {
    try (DragonflyScheduler scheduler = new DragonflyScheduler(directory);
        TestingSource source = new TestingSource();
        Dfdaemon one = new Dfdaemon(directory, "seed-1", true, scheduler.port());
        Dfdaemon two = new Dfdaemon(directory, "seed-2", true, scheduler.port());
        Dfdaemon three = new Dfdaemon(directory, "seed-3", true, scheduler.port());
        Dfdaemon node = new Dfdaemon(directory, "node", false, scheduler.port())) {
      List<SeedAddress> seeds = List.of(address(one), address(two), address(three));
      try (DfdaemonNodes daemons =
          DfdaemonNodes.start(DfdaemonEngineConfig.of(seeds, Optional.empty()))) {
        // The scheduler looks for seeds each half minute; until then it sends nodes to the source.
        AtomicInteger attempt = new AtomicInteger();
        Awaitility.await()
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofSeconds(2))
            .ignoreExceptionsInstanceOf(EngineException.class)
            .until(() -> {
              FileTask task = file(source, "early" + attempt.getAndIncrement());
              daemons.fetch(address(node), task);
              return seeds.stream().anyMatch(seed -> daemons.has(seed, task.taskId()));
            });

        for (FileTask task :
            IntStream.range(0, TASKS).mapToObj(i -> file(source, "f" + i)).toList()) {
          daemons.fetch(address(node), task);

          // A node may have the last piece before its seed has written down that it is done.
          Awaitility.await()
              .until(() -> seeds.stream().anyMatch(seed -> daemons.has(seed, task.taskId())));
          assertThat(seeds.stream().filter(seed -> daemons.has(seed, task.taskId())))
              .containsExactly(SeedOrder.of(task.taskId(), seeds).getFirst());
        }
      }
    }
  }

  private static FileTask file(TestingSource source, String name) {
    return new FileTask(source.publish(name, 1000), name, Map.of());
  }

  private static SeedAddress address(Dfdaemon daemon) {
    return new SeedAddress("127.0.0.1", daemon.uploadPort());
  }
}
