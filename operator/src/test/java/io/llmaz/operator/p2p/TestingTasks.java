package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.model.OpenModelSpec;
import io.llmaz.api.p2p.ModelTask;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import org.jspecify.annotations.Nullable;

/** Objects as an API server would hand them out. */
final class TestingTasks {
  private TestingTasks() {}

  static P2PTask task(String name, P2PTaskSpec.Fallback fallback) {
    P2PTask task = new P2PTask();
    task.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withUid("uid-" + name)
            .withGeneration(1L)
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .build());
    task.setSpec(
        new P2PTaskSpec(
            new ModelTask(hub("a/b")),
            null,
            P2PTaskSpec.Scope.SeedPeers,
            null,
            fallback,
            3600L,
            5L));
    return task;
  }

  static OpenModel model(@Nullable ModelSource source) {
    OpenModel model = new OpenModel();
    model.setMetadata(
        new ObjectMetaBuilder().withName("m").withUid("uid-m").withGeneration(1L).build());
    model.setSpec(new OpenModelSpec("f", source, null, null, null));
    return model;
  }

  static ModelSource hub(String id) {
    return new ModelSource(new ModelHub("Huggingface", id, null, "main", null, null), null);
  }
}
