package io.llmaz.loader;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TaskIds;
import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.ManifestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes a task whose bytes were wrong from the node's daemon and from the seeds, so that no other
 * pod gets them. Each is asked by itself: one that is away does not spare the others.
 *
 * @param keys how tasks are named
 * @param daemons upload ports (Dragonfly's 4000) of the node's daemon and the seeds
 */
record TaskRemoval(TaskKeys keys, List<SeedAddress> daemons) implements Way.Forgetter {
  TaskRemoval {
    daemons = List.copyOf(daemons);
  }

  @Override
  public void forget(ManifestFile file, LoadReport report) {
    List<String> removed = new ArrayList<>();
    for (SeedAddress daemon : daemons) {
      try (DistributionEngine engine =
          DfdaemonEngine.start(DfdaemonEngineConfig.of(List.of(daemon), Optional.empty()))) {
        engine.delete(TaskIds.ofContent(keys.of(file)));
        removed.add(daemon.toString());
      } catch (EngineException e) {
        report.note(file.path() + " could not be removed from " + daemon + ": " + e.getMessage());
      }
    }
    if (!removed.isEmpty()) {
      report.note("removed " + file.path() + " from " + String.join(", ", removed));
    }
  }
}
