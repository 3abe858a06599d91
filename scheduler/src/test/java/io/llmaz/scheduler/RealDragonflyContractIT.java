package io.llmaz.scheduler;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

/** The engine contract where everything behind the driver is Dragonfly's own. */
@EnabledIf("io.llmaz.scheduler.TestingSchedulerProcess#installed")
class RealDragonflyContractIT extends RealDaemonContractIT {
  @Override
  Scheduler startScheduler(Path directory) throws IOException {
    TestingSchedulerProcess dragonflys = new TestingSchedulerProcess(directory);
    return new Scheduler(dragonflys.port(), dragonflys);
  }
}
