package io.llmaz.operator.inference;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;

/** What an API server answers when it is the object, not the moment, that it does not like. */
final class Refusals {
  /** Bad request, forbidden (a policy, a quota) and unprocessable. */
  private static final Set<Integer> CODES = Set.of(400, 403, 422);

  private Refusals() {}

  /**
   * The server's words, for the object's condition.
   *
   * @throws KubernetesClientException the same one, when another try may help
   */
  static String message(KubernetesClientException e) {
    if (!CODES.contains(e.getCode())) {
      throw e;
    }
    return e.getStatus() != null && e.getStatus().getMessage() != null
        ? e.getStatus().getMessage()
        : String.valueOf(e.getMessage());
  }
}
