package io.llmaz.integration;

import io.fabric8.kubernetes.client.KubernetesClient;

/** On the embedded API server. */
final class EmbeddedAdmissionTest extends AdmissionRules {
  private final EmbeddedApi api = new EmbeddedApi();

  @Override
  KubernetesClient client() {
    return api.client();
  }

  @Override
  void close() {
    api.close();
  }
}
