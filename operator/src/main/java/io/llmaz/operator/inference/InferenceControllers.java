package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import java.time.Clock;
import java.util.List;

/** The controllers of this package. */
public final class InferenceControllers {
  private InferenceControllers() {}

  /**
   * All of them, on one API server.
   *
   * @param users learns who uses which image
   */
  public static List<Reconciler<? extends HasMetadata>> of(
      KubernetesClient client,
      GlobalConfigs configs,
      ImageUsers users,
      EventRecorder events,
      Clock clock) {
    return List.of(
        new PlaygroundReconciler(client, configs, users, events, clock),
        new InferenceServiceReconciler(client, configs, events, clock),
        new BackendRuntimeReconciler(clock));
  }
}
