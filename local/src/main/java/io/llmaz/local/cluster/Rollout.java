package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many replicas each ReplicaSet of a Deployment should have next, as kube-controller-manager
 * decides for {@code RollingUpdate}.
 *
 * @param desired {@code spec.replicas}
 * @param maxSurge how many pods may be above {@code desired}
 * @param maxUnavailable how many may be missing from {@code desired}
 */
record Rollout(int desired, int maxSurge, int maxUnavailable) {

  Rollout {
    if (maxSurge == 0 && maxUnavailable == 0) {
      maxUnavailable = 1;
    }
  }

  /**
   * A ReplicaSet as far as the decision needs it.
   *
   * @param name which one
   * @param replicas what its spec asks for
   * @param available how many of its pods are available
   */
  record Set(String name, int replicas, int available) {}

  /** A count or a percentage of the replicas; surges round up, absences down. */
  static int count(@Nullable IntOrString value, int fallback, int replicas, boolean roundUp) {
    if (value == null) {
      return fallback;
    }
    if (value.getIntVal() != null) {
      return value.getIntVal();
    }
    double share = Double.parseDouble(value.getStrVal().replace("%", "")) * replicas / 100;
    return (int) (roundUp ? Math.ceil(share) : Math.floor(share));
  }

  /** The replicas that should change, by ReplicaSet. */
  Map<String, Integer> next(Set current, List<Set> old) {
    Map<String, Integer> changes = new LinkedHashMap<>();
    int oldReplicas = old.stream().mapToInt(Set::replicas).sum();
    int total = current.replicas() + oldReplicas;
    int wanted =
        current.replicas() >= desired
            ? desired
            : Math.min(desired, current.replicas() + Math.max(0, desired + maxSurge - total));
    if (wanted != current.replicas()) {
      changes.put(current.name(), wanted);
    }
    // Counts new replicas that are on their way as missing: they may not come.
    int missing = wanted - Math.min(wanted, current.available());
    int removable = wanted + oldReplicas - (desired - maxUnavailable) - missing;
    Map<String, Integer> left = new LinkedHashMap<>();
    for (Set set : old) {
      int broken = set.replicas() - Math.min(set.replicas(), set.available());
      int removed = Math.clamp(removable, 0, broken);
      removable -= removed;
      left.put(set.name(), set.replicas() - removed);
    }
    for (Set set : old) {
      int replicas = left.getOrDefault(set.name(), 0);
      int removed = Math.clamp(removable, 0, replicas);
      removable -= removed;
      if (replicas - removed != set.replicas()) {
        changes.put(set.name(), replicas - removed);
      }
    }
    return changes;
  }
}
