package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.BackendRuntimeStatus;
import io.llmaz.api.inference.RecommendedConfig;
import io.llmaz.operator.status.DeletionTolerant;
import io.llmaz.operator.status.StatusPatch;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The backendruntime-controller: says whether a backend can be used, before the first Playground
 * fails on it. (Playgrounds follow their backend's changes by themselves.)
 */
@ControllerConfiguration(name = "backendruntime")
public final class BackendRuntimeReconciler
    implements Reconciler<BackendRuntime>, DeletionTolerant<BackendRuntime> {
  private static final String VALID = "Valid";
  private static final Map<String, String> ANY =
      Map.of("ModelPath", "p", "ModelName", "n", "DraftModelPath", "d", "TP", "1", "PP", "1");

  private final Clock clock;

  BackendRuntimeReconciler(Clock clock) {
    this.clock = clock;
  }

  @Override
  public UpdateControl<BackendRuntime> reconcile(
      BackendRuntime backend, Context<BackendRuntime> context) {
    Optional<String> problem = problem(backend);
    List<Condition> before =
        Optional.ofNullable(backend.getStatus())
            .map(BackendRuntimeStatus::conditions)
            .orElse(List.of());
    BackendRuntimeStatus next =
        new BackendRuntimeStatus(
            Conditions.with(
                before,
                VALID,
                problem.isEmpty(),
                problem.isEmpty() ? "Valid" : "InvalidConfig",
                problem.orElse("Every recommended config can be used"),
                backend.getMetadata().getGeneration(),
                clock.instant()));
    if (next.equals(backend.getStatus())) {
      return UpdateControl.noUpdate();
    }
    BackendRuntime fresh = new BackendRuntime();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(backend.getMetadata().getName())
            .withUid(backend.getMetadata().getUid())
            .build());
    fresh.setStatus(next);
    return StatusPatch.of(fresh);
  }

  static Optional<String> problem(BackendRuntime backend) {
    Set<String> names = new HashSet<>();
    for (RecommendedConfig config : backend.getSpec().recommendedConfigs()) {
      if (!names.add(String.valueOf(config.name()))) {
        return Optional.of("duplicated name " + config.name());
      }
      try {
        ArgumentTemplate.render(config.args(), ANY);
      } catch (InvalidObjectException e) {
        return Optional.of("config " + config.name() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }
}
