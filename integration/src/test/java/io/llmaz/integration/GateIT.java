package io.llmaz.integration;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.condition.EnabledIf;

/** On the real API server, with Kubernetes' own controllers. */
@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
final class GateIT extends GateScenarios {
  private final TestingApi api = TestingApi.shared();

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
    api.clean();
  }
}
