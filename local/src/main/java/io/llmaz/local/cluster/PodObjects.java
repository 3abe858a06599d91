package io.llmaz.local.cluster;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pod may read of its namespace: Secrets, ConfigMaps, tokens of its service account. */
interface PodObjects {

  /** A Secret's values, decoded; empty when it is not there. */
  Optional<Map<String, byte[]>> secret(String name);

  /** A ConfigMap's values; empty when it is not there. */
  Optional<Map<String, byte[]>> configMap(String name);

  /**
   * A token of a service account.
   *
   * @param audience whom it is for; null for the API server
   * @param seconds how long it lives; null for an hour
   */
  String token(String serviceAccount, @Nullable String audience, @Nullable Long seconds)
      throws ContainerProblem;
}
