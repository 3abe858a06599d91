package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** The counts in a ReplicaSet's status, where a missing one is zero. */
final class ReplicaSets {
  static final ToIntFunction<ReplicaSet> REPLICAS =
      set -> Objects.requireNonNullElse(set.getStatus().getReplicas(), 0);
  static final ToIntFunction<ReplicaSet> READY =
      set -> Objects.requireNonNullElse(set.getStatus().getReadyReplicas(), 0);
  static final ToIntFunction<ReplicaSet> AVAILABLE =
      set -> Objects.requireNonNullElse(set.getStatus().getAvailableReplicas(), 0);

  private ReplicaSets() {}
}
