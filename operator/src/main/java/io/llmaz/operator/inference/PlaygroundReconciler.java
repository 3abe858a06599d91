package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
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
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.Labels;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.PlaygroundStatus;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.operator.status.DeletionTolerant;
import io.llmaz.operator.status.StatusPatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The playground-controller: observes models, backend, image task and Service; applies the image's
 * task at once; asks the {@link Gate}; applies the Service; reports.
 */
@ControllerConfiguration(
    name = "playground",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = EditFilter.class))
public final class PlaygroundReconciler
    implements Reconciler<Playground>, DeletionTolerant<Playground> {
  private static final String BY_MODEL = "playgrounds-by-model";
  private static final String BY_BACKEND = "playgrounds-by-backend";
  private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9]([\\w.-]{0,61}[A-Za-z0-9])?)?");
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);
  private static final String CONFLICT = "Playground owns the same name with an existing Service";

  private final Applier applier;
  private final GlobalConfigs configs;
  private final ImageUsers users;
  private final Set<ResourceID> held = ConcurrentHashMap.newKeySet();
  private final EventRecorder events;
  private final Clock clock;

  PlaygroundReconciler(
      KubernetesClient client,
      GlobalConfigs configs,
      ImageUsers users,
      EventRecorder events,
      Clock clock) {
    this.applier = new Applier(client);
    this.configs = configs;
    this.users = users;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, Playground>> prepareEventSources(
      EventSourceContext<Playground> context) {
    context
        .getPrimaryCache()
        .addIndexer(
            BY_MODEL,
            playground ->
                Claims.of(playground.getSpec()).stream()
                    .map(ModelReference::name)
                    .map(String::valueOf)
                    .toList());
    context
        .getPrimaryCache()
        .addIndexer(BY_BACKEND, playground -> List.of(ServiceDesign.backendOf(playground)));
    InformerEventSource<BackendRuntime, Playground> backends =
        Caches.indexed(
            BackendRuntime.class,
            Playground.class,
            context,
            BY_BACKEND,
            b -> b.getMetadata().getName());
    InformerEventSource<InferenceService, Playground> services =
        Caches.sameName(InferenceService.class, Playground.class, context);
    users.follow(context, services, backends);
    return List.of(
        Caches.indexed(
            OpenModel.class, Playground.class, context, BY_MODEL, m -> m.getMetadata().getName()),
        backends,
        new ImageTaskWatch(context, held).source(),
        services,
        Caches.sameName(HorizontalPodAutoscaler.class, Playground.class, context),
        configs.changes(context));
  }

  @Override
  public UpdateControl<Playground> reconcile(Playground playground, Context<Playground> context) {
    PlaygroundReport report = new PlaygroundReport(playground, clock.instant());
    Optional<InferenceService> running =
        Caches.find(context, InferenceService.class, ResourceID.fromResource(playground))
            .filter(service -> Applier.isOwned(service, playground));
    PlaygroundStatus next;
    boolean again = false;
    try {
      complete(playground);
      next = proceed(playground, running, context, report);
    } catch (InvalidObjectException | IllegalArgumentException e) {
      next = stopped(playground, running, context, report, String.valueOf(e.getMessage()));
    } catch (KubernetesClientException e) {
      next = report.aborted(Refusals.message(e), running);
      again = true;
    }
    UpdateControl<Playground> control = UpdateControl.noUpdate();
    if (!next.equals(playground.getStatus())) {
      Transitions.tell(
          events,
          playground,
          playground.getStatus() == null ? List.of() : playground.getStatus().conditions(),
          next.conditions());
      control = StatusPatch.of(withStatus(playground, next));
    }
    return again && !control.isPatchStatus() ? control.rescheduleAfter(AFTER_REFUSAL) : control;
  }

  private static Playground withStatus(Playground playground, PlaygroundStatus status) {
    Playground fresh = new Playground();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(playground.getMetadata().getName())
            .withNamespace(playground.getMetadata().getNamespace())
            .withUid(playground.getMetadata().getUid())
            .build());
    fresh.setStatus(status);
    return fresh;
  }

  /** It cannot be carried out now; but a change of replicas never waits. */
  private PlaygroundStatus stopped(
      Playground playground,
      Optional<InferenceService> running,
      Context<Playground> context,
      PlaygroundReport report,
      String message) {
    int replicas = Optional.ofNullable(playground.getSpec().replicas()).orElse(1);
    running
        .filter(service -> !Objects.equals(service.getSpec().replicas(), replicas))
        .ifPresent(service ->
            applier.scale(service, replicas, Caches.of(context, InferenceService.class)));
    return report.aborted(message, running);
  }

  private PlaygroundStatus proceed(
      Playground playground,
      Optional<InferenceService> running,
      Context<Playground> context,
      PlaygroundReport report) {
    if (running.isEmpty()
        && Caches.find(context, InferenceService.class, ResourceID.fromResource(playground))
            .isPresent()) {
      throw new InvalidObjectException(CONFLICT);
    }
    String backendName = ServiceDesign.backendOf(playground);
    BackendRuntime backend =
        Caches.find(context, BackendRuntime.class, new ResourceID(backendName))
            .orElseThrow(() ->
                new InvalidObjectException(
                    "Waiting for backendRuntime " + backendName + " creation"));
    List<ClaimedModel> models = new ArrayList<>();
    List<ModelReference> claims = Claims.of(playground.getSpec());
    for (ModelReference claim : claims) {
      Caches.find(context, OpenModel.class, new ResourceID(String.valueOf(claim.name())))
          .ifPresent(model ->
              models.add(
                  new ClaimedModel(
                      model, Optional.ofNullable(claim.role()).orElse(ModelReference.MAIN))));
    }
    boolean p2p = configs.current().p2p().enabled();
    String image = ServiceDesign.image(playground, backend);
    held.add(ResourceID.fromResource(playground));
    // Beside the models', not after them: both are on their way at once.
    Optional<P2PTask> imageTask =
        p2p ? Optional.of(ImageTasks.keep(image, context, applier)) : Optional.empty();
    if (models.size() < claims.size()) {
      throw new InvalidObjectException("Waiting for model creation");
    }
    Gate.Revision wanted =
        new Gate.Revision(
            image, Optional.ofNullable(ModelPins.annotation(playground, Labels.RESTARTED_AT)));
    Gate.Verdict verdict =
        Gate.decide(
            p2p,
            ServiceDesign.skipsLoader(playground) ? List.of() : models,
            wanted,
            running.flatMap(Gate.Revision::of),
            imageTask);
    return switch (verdict) {
      case Gate.Verdict.Wait(String reason, String message) -> {
        // What can never be built is said at once, not after a download of hours.
        new ServiceDesign(playground, backend, models).service(wanted);
        yield report.waiting(reason, message, running);
      }
      case Gate.Verdict.Open() -> {
        held.remove(ResourceID.fromResource(playground));
        yield report.following(apply(playground, backend, models, running, wanted, context));
      }
      case Gate.Verdict.Keep(Gate.Revision kept, String reason, String message) ->
          report.waiting(
              reason,
              message,
              Optional.of(apply(playground, backend, models, running, kept, context)));
    };
  }

  private InferenceService apply(
      Playground playground,
      BackendRuntime backend,
      List<ClaimedModel> models,
      Optional<InferenceService> running,
      Gate.Revision revision,
      Context<Playground> context) {
    List<ClaimedModel> used =
        ModelPins.use(models, ModelPins.of(running), revision.restartedAt().orElse(null));
    ServiceDesign design = new ServiceDesign(playground, backend, used);
    InferenceService applied =
        applier.apply(
            design.service(revision), context, Caches.of(context, InferenceService.class));
    Optional<HorizontalPodAutoscaler> wanted = HpaDesign.of(playground, design.recommended());
    if (wanted.isPresent()) {
      applier.apply(wanted.get(), context, Caches.of(context, HorizontalPodAutoscaler.class));
    } else {
      if (playground.getSpec().elasticConfig() != null) {
        events.warning(
            playground,
            "NoScaleTrigger",
            "elasticConfig is set, but nothing says by what to scale");
      }
      Caches.find(context, HorizontalPodAutoscaler.class, ResourceID.fromResource(playground))
          .filter(autoscaler -> Applier.isOwned(autoscaler, playground))
          .ifPresent(applier::delete);
    }
    return applied;
  }

  /** The label that llmaz's webhook keeps. */
  private void complete(Playground playground) {
    String main =
        Claims.of(playground.getSpec()).stream().findFirst().map(ModelReference::name).orElse("");
    Map<String, String> labels =
        Optional.ofNullable(playground.getMetadata().getLabels()).orElse(Map.of());
    // What is no label cannot be the name of a model either; its absence is reported as such.
    if (main.equals(labels.get(Labels.MODEL_NAME)) || !LABEL.matcher(main).matches()) {
      return;
    }
    Playground labelled = new Playground();
    labelled.setMetadata(
        new ObjectMetaBuilder()
            .withName(playground.getMetadata().getName())
            .withNamespace(playground.getMetadata().getNamespace())
            .withUid(playground.getMetadata().getUid())
            .addToLabels(Labels.MODEL_NAME, main)
            .build());
    applier.label(labelled);
  }
}
