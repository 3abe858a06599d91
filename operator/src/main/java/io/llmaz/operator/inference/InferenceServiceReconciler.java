package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceStatus;
import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.model.OpenModel;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.operator.status.DeletionTolerant;
import io.llmaz.operator.status.StatusPatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The service-controller: an inference Service becomes a Deployment or a LeaderWorkerSet, and a
 * Service in front; when it changes from one to the other, the first is removed.
 */
@ControllerConfiguration(
    name = "service",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = EditFilter.class))
public final class InferenceServiceReconciler
    implements Reconciler<InferenceService>, DeletionTolerant<InferenceService> {
  private static final String BY_MODEL = "services-by-model";

  /** Pods of a LeaderWorkerSet with a longer name do not come (lws issue 410). */
  private static final int LONGEST_GROUP = 51;

  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

  private final Applier applier;
  private final GlobalConfigs configs;
  private final EventRecorder events;
  private final Clock clock;

  InferenceServiceReconciler(
      KubernetesClient client, GlobalConfigs configs, EventRecorder events, Clock clock) {
    this.applier = new Applier(client);
    this.configs = configs;
    this.events = events;
    this.clock = clock;
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
    return List.of(
        Caches.sameName(Deployment.class, InferenceService.class, context),
        Caches.suffixed(Service.class, InferenceService.class, context, Names.loadBalancer("")),
        LeaderWorkerSets.definition(context),
        Caches.indexed(
            OpenModel.class,
            InferenceService.class,
            context,
            BY_MODEL,
            model -> model.getMetadata().getName()),
        configs.changes(context));
  }

  @Override
  public UpdateControl<InferenceService> reconcile(
      InferenceService service, Context<InferenceService> context) {
    InferenceServiceReport report = new InferenceServiceReport(service, clock.instant());
    Workloads workloads = new Workloads(service, applier, context);
    InferenceServiceStatus next;
    boolean again = false;
    try {
      next = proceed(service, workloads, context, report);
    } catch (InvalidObjectException | IllegalArgumentException e) {
      // It cannot be carried out now; but a change of replicas never waits.
      next = report.aborted(String.valueOf(e.getMessage()), workloads.scale(report));
    } catch (KubernetesClientException e) {
      next = report.aborted(Refusals.message(e), Optional.empty());
      again = true;
    }
    UpdateControl<InferenceService> control = UpdateControl.noUpdate();
    if (!next.equals(service.getStatus())) {
      Transitions.tell(
          events,
          service,
          service.getStatus() == null ? List.of() : service.getStatus().conditions(),
          next.conditions());
      control = StatusPatch.of(withStatus(service, next));
    }
    return again && !control.isPatchStatus() ? control.rescheduleAfter(AFTER_REFUSAL) : control;
  }

  private static InferenceService withStatus(
      InferenceService service, InferenceServiceStatus status) {
    InferenceService fresh = new InferenceService();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(service.getMetadata().getName())
            .withNamespace(service.getMetadata().getNamespace())
            .withUid(service.getMetadata().getUid())
            .build());
    fresh.setStatus(status);
    return fresh;
  }

  private InferenceServiceStatus proceed(
      InferenceService service,
      Workloads workloads,
      Context<InferenceService> context,
      InferenceServiceReport report) {
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
    List<ClaimedModel> used =
        ModelPins.use(
            models,
            ModelPins.of(Optional.of(service)).or(workloads::pins),
            ModelPins.annotation(service, Labels.RESTARTED_AT));
    String name = service.getMetadata().getName();
    if (WorkloadDesign.grouped(service.getSpec()) && name.length() > LONGEST_GROUP) {
      events.warning(
          service,
          "NameTooLong",
          "The pods of a LeaderWorkerSet do not come when its name has more than %d characters; %s has %d"
              .formatted(LONGEST_GROUP, name, name.length()));
    }
    WorkloadDesign design = new WorkloadDesign(service, used, configs.current());
    InferenceServiceStatus next = workloads.apply(design, report);
    return report.drifted(next, ModelPins.drifted(models, used));
  }

  private static List<ModelReference> claims(InferenceService service) {
    return service.getSpec().modelClaims() == null
        ? List.of()
        : Claims.mainFirst(service.getSpec().modelClaims().models());
  }
}
