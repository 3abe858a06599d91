package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** On the real API server. */
@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
final class AdmissionIT extends AdmissionRules {
  private final TestingApi api = TestingApi.shared();

  @Override
  KubernetesClient client() {
    return api.client();
  }

  @Override
  void close() {
    // The server is for all tests.
  }

  @Test
  void labelsAndTime_thatLlmazMutatingWebhooksSet_areSetByTheOperator() {
    try (TestingOperator operator = TestingOperator.start(api)) {
      Awaitility.await()
          .untilAsserted(() -> {
            OpenModel model = client().resources(OpenModel.class).withName("base").get();
            assertThat(model.getMetadata().getLabels())
                .containsEntry("llmaz.io/model-family-name", "f");
            assertThat(model.getSpec().createdAt()).isNotNull();
            assertThat(
                    client()
                        .resources(Playground.class)
                        .inNamespace("default")
                        .withName("base")
                        .get()
                        .getMetadata()
                        .getLabels())
                .containsEntry("llmaz.io/model-name", "m");
          });
    }
  }
}
