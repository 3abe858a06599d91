package io.llmaz.scheduler;

import io.llmaz.parts.DragonflyScheduler;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

/** The engine contract where everything behind the driver is Dragonfly's own. */
@EnabledIf("io.llmaz.parts.DragonflyScheduler#installed")
class RealDragonflyContractIT extends RealDaemonContractIT {
  @Override
  Scheduler startScheduler(Path directory) throws IOException {
    DragonflyScheduler dragonflys = new DragonflyScheduler(directory);
    return new Scheduler(dragonflys.port(), dragonflys);
  }
}
