package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * The workload of one inference Service: a Deployment or a LeaderWorkerSet, never both for longer
 * than a change from one to the other.
 */
final class Workloads {
  private final InferenceService service;
  private final Applier applier;
  private final Context<InferenceService> context;
  private final InformerEventSource<Deployment, InferenceService> deployments;
  private final Optional<InformerEventSource<GenericKubernetesResource, InferenceService>> groups;

  Workloads(InferenceService service, Applier applier, Context<InferenceService> context) {
    this.service = service;
    this.applier = applier;
    this.context = context;
    this.deployments = Caches.of(context, Deployment.class);
    this.groups = LeaderWorkerSets.cache(context);
  }

  /** Makes the workload what it should be, removes the other kind, and says how it stands. */
  InferenceServiceStatus apply(WorkloadDesign design, InferenceServiceReport report) {
    applier.apply(design.loadBalancer(), context, Caches.of(context, Service.class));
    if (!WorkloadDesign.grouped(service.getSpec())) {
      Deployment applied = applier.apply(design.deployment(), context, deployments);
      group().ifPresent(applier::delete);
      return report.of(applied);
    }
    if (groups.isEmpty()) {
      throw new InvalidObjectException(
          "a group of pods needs the LeaderWorkerSet API, which this cluster does not have");
    }
    GenericKubernetesResource applied =
        applier.apply(design.leaderWorkerSet(), context, groups.get());
    deployment().ifPresent(applier::delete);
    return report.of(applied);
  }

  /** Changes only the replicas of what is there, and says how it stands; empty without any. */
  Optional<InferenceServiceStatus> scale(InferenceServiceReport report) {
    int wanted = Optional.ofNullable(service.getSpec().replicas()).orElse(1);
    return deployment()
        .map(there ->
            Objects.equals(there.getSpec().getReplicas(), wanted)
                ? there
                : applier.scale(there, wanted, deployments))
        .map(report::of)
        .or(() ->
            group()
                .map(there ->
                    Objects.equals(there.get("spec", "replicas"), wanted)
                        ? there
                        : applier.scale(there, wanted, groups.orElseThrow()))
                .map(report::of));
  }

  /** What its replicas were made with. */
  Optional<ModelPins> pins() {
    return ModelPins.of(deployment()).or(() -> ModelPins.of(group()));
  }

  private Optional<Deployment> deployment() {
    return owned(deployments.get(ResourceID.fromResource(service)));
  }

  private Optional<GenericKubernetesResource> group() {
    return groups.flatMap(cache -> owned(cache.get(ResourceID.fromResource(service))));
  }

  private <R extends HasMetadata> Optional<R> owned(Optional<R> object) {
    return object.filter(there -> Applier.isOwned(there, service));
  }
}
