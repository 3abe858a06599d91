package io.llmaz.integration;

import io.fabric8.kubernetes.client.KubernetesClient;

/** On the embedded API server. */
final class EmbeddedGateTest extends GateScenarios {
  private final EmbeddedApi api = new EmbeddedApi();

  @Override
  KubernetesClient client() {
    return api.client();
  }

  @Override
  void apply(String yaml) {
    api.apply(yaml);
  }

  @Override
  void clean() {
    api.close();
  }
}
