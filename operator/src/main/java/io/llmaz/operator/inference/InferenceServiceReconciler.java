package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceStatus;
import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.model.OpenModel;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The service-controller: an inference Service becomes a Deployment or a LeaderWorkerSet, and a
 * Service in front; when it changes from one to the other, the first is removed.
 */
@ControllerConfiguration(name = "service")
public final class InferenceServiceReconciler implements Reconciler<InferenceService> {
  private static final String BY_MODEL = "services-by-model";
  private static final GroupVersionKind LEADER_WORKER_SET =
      new GroupVersionKind("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet");
  private static final String LEADER_WORKER_SET_CRD = "leaderworkersets.leaderworkerset.x-k8s.io";

  private final KubernetesClient client;
  private final Applier applier;
  private final GlobalConfigs configs;
  private final EventRecorder events;
  private final Clock clock;
  private final boolean groups;

  InferenceServiceReconciler(
      KubernetesClient client, GlobalConfigs configs, EventRecorder events, Clock clock) {
    this.client = client;
    this.applier = new Applier(client);
    this.configs = configs;
    this.events = events;
    this.clock = clock;
    this.groups =
        client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(LEADER_WORKER_SET_CRD)
                .get()
            != null;
  }

  @Override
  public List<EventSource<?, InferenceService>> prepareEventSources(
      EventSourceContext<InferenceService> context) {
    context
        .getPrimaryCache()
        .addIndexer(
            BY_MODEL,
            service ->
                claims(service).stream().map(ModelReference::name).map(String::valueOf).toList());
    List<EventSource<?, InferenceService>> sources =
        new ArrayList<>(
            List.of(
                Caches.owned(Deployment.class, InferenceService.class, context),
                Caches.indexed(
                    OpenModel.class,
                    InferenceService.class,
                    context,
                    BY_MODEL,
                    model -> model.getMetadata().getName()),
                configs.changes(context)));
    if (groups) {
      sources.add(
          new InformerEventSource<>(
              InformerEventSourceConfiguration.from(LEADER_WORKER_SET, InferenceService.class)
                  .withName("leaderworkersets")
                  .build(),
              context));
    }
    return sources;
  }

  @Override
  public UpdateControl<InferenceService> reconcile(
      InferenceService service, Context<InferenceService> context) {
    InferenceServiceReport report = new InferenceServiceReport(service, clock.instant());
    InferenceServiceStatus next;
    try {
      next = proceed(service, context, report);
    } catch (InvalidObjectException | IllegalArgumentException e) {
      next = report.aborted(String.valueOf(e.getMessage()));
      events.warning(service, "AbortProcessing", String.valueOf(e.getMessage()));
    }
    if (next.equals(service.getStatus())) {
      return UpdateControl.noUpdate();
    }
    InferenceService fresh = new InferenceService();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(service.getMetadata().getName())
            .withNamespace(service.getMetadata().getNamespace())
            .withUid(service.getMetadata().getUid())
            .build());
    fresh.setStatus(next);
    return UpdateControl.patchStatus(fresh);
  }

  private InferenceServiceStatus proceed(
      InferenceService service, Context<InferenceService> context, InferenceServiceReport report) {
    List<ModelReference> claims = claims(service);
    if (claims.isEmpty()) {
      throw new InvalidObjectException("modelClaims is not set: there is nothing to serve");
    }
    List<ClaimedModel> models = new ArrayList<>();
    for (ModelReference claim : claims) {
      OpenModel model =
          Caches.find(context, OpenModel.class, new ResourceID(String.valueOf(claim.name())))
              .orElseThrow(() -> new InvalidObjectException("Waiting for model " + claim.name()));
      models.add(
          new ClaimedModel(model, Optional.ofNullable(claim.role()).orElse(ModelReference.MAIN)));
    }
    WorkloadDesign design = new WorkloadDesign(service, models, configs.current());
    applier.apply(design.loadBalancer());
    if (!WorkloadDesign.grouped(service.getSpec())) {
      removeGroup(service, context);
      return report.of(applier.apply(design.deployment()));
    }
    if (!groups) {
      throw new InvalidObjectException(
          "a group of pods needs the LeaderWorkerSet API, which this cluster does not have");
    }
    context.getSecondaryResource(Deployment.class).ifPresent(applier::delete);
    return report.of(applier.apply(design.leaderWorkerSet()));
  }

  private void removeGroup(InferenceService service, Context<InferenceService> context) {
    if (groups) {
      context.getSecondaryResource(GenericKubernetesResource.class).ifPresent(applier::delete);
    }
  }

  private static List<ModelReference> claims(InferenceService service) {
    return service.getSpec().modelClaims() == null
        ? List.of()
        : Claims.mainFirst(service.getSpec().modelClaims().models());
  }
}
