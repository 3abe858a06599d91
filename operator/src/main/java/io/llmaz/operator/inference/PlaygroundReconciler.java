package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.PlaygroundStatus;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The playground-controller: observes models, backend, image task and Service; applies the image's
 * task at once; asks the {@link Gate}; applies the Service; reports.
 */
@ControllerConfiguration(name = "playground")
public final class PlaygroundReconciler implements Reconciler<Playground> {
  private static final Logger log = LoggerFactory.getLogger(PlaygroundReconciler.class);
  private static final String BY_MODEL = "playgrounds-by-model";
  private static final String BY_BACKEND = "playgrounds-by-backend";
  private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9]([\\w.-]{0,61}[A-Za-z0-9])?)?");
  private static final String CONFLICT = "Playground owns the same name with an existing Service";

  private final KubernetesClient client;
  private final Applier applier;
  private final GlobalConfigs configs;
  private static final String ABORTED = "AbortProcessing";

  private final EventRecorder events;
  private final Clock clock;

  PlaygroundReconciler(
      KubernetesClient client, GlobalConfigs configs, EventRecorder events, Clock clock) {
    this.client = client;
    this.applier = new Applier(client);
    this.configs = configs;
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
    return List.of(
        Caches.indexed(
            OpenModel.class, Playground.class, context, BY_MODEL, m -> m.getMetadata().getName()),
        Caches.indexed(
            BackendRuntime.class,
            Playground.class,
            context,
            BY_BACKEND,
            b -> b.getMetadata().getName()),
        new ImageTaskWatch(context).source(),
        Caches.sameName(InferenceService.class, Playground.class, context),
        Caches.owned(HorizontalPodAutoscaler.class, Playground.class, context),
        configs.changes(context));
  }

  @Override
  public UpdateControl<Playground> reconcile(Playground playground, Context<Playground> context) {
    PlaygroundReport report = new PlaygroundReport(playground, clock.instant());
    PlaygroundStatus next;
    try {
      complete(playground);
      next = proceed(playground, context, report);
    } catch (InvalidObjectException | IllegalArgumentException e) {
      next = report.aborted(String.valueOf(e.getMessage()));
      events.warning(playground, ABORTED, String.valueOf(e.getMessage()));
    }
    if (next.equals(playground.getStatus())) {
      return UpdateControl.noUpdate();
    }
    tellTransitions(playground, next);
    Playground fresh = new Playground();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(playground.getMetadata().getName())
            .withNamespace(playground.getMetadata().getNamespace())
            .withUid(playground.getMetadata().getUid())
            .build());
    fresh.setStatus(next);
    return UpdateControl.patchStatus(fresh);
  }

  /** What became true is news; how far a wait has come is not. */
  private void tellTransitions(Playground playground, PlaygroundStatus next) {
    List<Condition> before =
        playground.getStatus() == null ? List.of() : playground.getStatus().conditions();
    next.conditions().stream()
        .filter(condition -> condition.getStatus().equals("True"))
        .filter(condition -> !condition.getReason().equals(ABORTED))
        .filter(condition ->
            before.stream()
                .noneMatch(old ->
                    old.getType().equals(condition.getType())
                        && old.getStatus().equals(condition.getStatus())
                        && old.getReason().equals(condition.getReason())))
        .forEach(
            condition -> events.normal(playground, condition.getReason(), condition.getMessage()));
  }

  private PlaygroundStatus proceed(
      Playground playground, Context<Playground> context, PlaygroundReport report) {
    Optional<InferenceService> existing =
        Caches.find(context, InferenceService.class, ResourceID.fromResource(playground));
    if (existing.filter(service -> !isOwnedBy(service, playground)).isPresent()) {
      return report.aborted(CONFLICT);
    }
    String backendName = ServiceDesign.backendOf(playground);
    Optional<BackendRuntime> backend =
        Caches.find(context, BackendRuntime.class, new ResourceID(backendName));
    if (backend.isEmpty()) {
      return report.aborted("Waiting for backendRuntime " + backendName + " creation");
    }
    List<ClaimedModel> models = new ArrayList<>();
    List<ModelReference> claims = Claims.of(playground.getSpec());
    for (ModelReference claim : claims) {
      Caches.find(context, OpenModel.class, new ResourceID(String.valueOf(claim.name())))
          .ifPresent(model ->
              models.add(
                  new ClaimedModel(
                      model, Optional.ofNullable(claim.role()).orElse(ModelReference.MAIN))));
    }
    ServiceDesign design = new ServiceDesign(playground, backend.get(), models);
    boolean p2p = configs.current().p2p().enabled();
    // Beside the models', not after them: both are on their way at once.
    Optional<P2PTask> imageTask =
        p2p ? Optional.of(keepImageTask(design.image(), context)) : Optional.empty();
    if (models.size() < claims.size()) {
      return report.aborted("Waiting for model creation");
    }
    Gate.Verdict verdict =
        Gate.decide(
            p2p, models, design.image(), existing.flatMap(PlaygroundReconciler::image), imageTask);
    return switch (verdict) {
      case Gate.Verdict.Wait(String reason, String message) -> report.waiting(reason, message);
      case Gate.Verdict.Open() -> {
        InferenceService applied = apply(playground, design, design.image(), context);
        yield report.following(applied);
      }
      case Gate.Verdict.KeepImage(String image, String reason, String message) -> {
        apply(playground, design, image, context);
        yield report.waiting(reason, message);
      }
    };
  }

  private InferenceService apply(
      Playground playground, ServiceDesign design, String image, Context<Playground> context) {
    InferenceService applied = applier.apply(design.service(image));
    Optional<HorizontalPodAutoscaler> wanted = HpaDesign.of(playground, design.recommended());
    wanted.ifPresent(applier::apply);
    if (wanted.isEmpty()) {
      context.getSecondaryResource(HorizontalPodAutoscaler.class).ifPresent(applier::delete);
    }
    return applied;
  }

  private P2PTask keepImageTask(String image, Context<Playground> context) {
    String name = Names.imageTask(image, List.of());
    return Caches.find(context, P2PTask.class, new ResourceID(name))
        .orElseGet(() -> {
          log.info("P2PTask {}: applied for image {}", name, image);
          P2PTask task = new P2PTask();
          task.setMetadata(new ObjectMetaBuilder().withName(name).build());
          task.setSpec(
              new P2PTaskSpec(
                  null,
                  new ImageTask(image, null),
                  null,
                  null,
                  P2PTaskSpec.Fallback.Allowed,
                  null,
                  null));
          return applier.apply(task);
        });
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
    client
        .resources(Playground.class)
        .inNamespace(playground.getMetadata().getNamespace())
        .withName(playground.getMetadata().getName())
        .patch(
            io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
            "{\"metadata\":{\"labels\":{\"" + Labels.MODEL_NAME + "\":\"" + main + "\"}}}");
  }

  private static Optional<String> image(InferenceService service) {
    return Optional.ofNullable(service.getSpec().workloadTemplate())
        .map(template -> template.workerTemplate())
        .flatMap(pod ->
            pod.getSpec().getContainers().stream()
                .filter(c -> c.getName().equals(Names.RUNNER_CONTAINER))
                .map(c -> c.getImage())
                .findFirst());
  }

  private static boolean isOwnedBy(HasMetadata object, HasMetadata owner) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
  }
}
