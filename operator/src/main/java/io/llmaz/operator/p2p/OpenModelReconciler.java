package io.llmaz.operator.p2p;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.model.OpenModelSpec;
import io.llmaz.api.model.OpenModelStatus;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.operator.status.DeletionTolerant;
import io.llmaz.operator.status.StatusPatch;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The openmodel-controller: completes a model's metadata as llmaz's webhook did, keeps one P2PTask
 * for its files, and says in its status how far that is.
 */
@ControllerConfiguration(name = "openmodel")
public final class OpenModelReconciler
    implements Reconciler<OpenModel>, DeletionTolerant<OpenModel> {
  private static final Logger log = LoggerFactory.getLogger(OpenModelReconciler.class);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Names.FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final GlobalConfigs configs;
  private final EventRecorder events;
  private final Clock clock;

  OpenModelReconciler(
      KubernetesClient client, GlobalConfigs configs, EventRecorder events, Clock clock) {
    this.client = client;
    this.configs = configs;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, OpenModel>> prepareEventSources(
      EventSourceContext<OpenModel> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(P2PTask.class, OpenModel.class)
                .withName("p2ptask")
                .build(),
            context),
        configs.changes(context));
  }

  @Override
  public UpdateControl<OpenModel> reconcile(OpenModel model, Context<OpenModel> context) {
    complete(model);
    Optional<P2PTask> task = Optional.empty();
    boolean prepared = ModelTasks.needsTask(model, configs.current().p2p().enabled());
    if (prepared) {
      task = keepTask(model, context.getSecondaryResource(P2PTask.class));
    }
    OpenModelStatus next = ModelTasks.status(model, prepared, task, clock.instant());
    if (next.equals(model.getStatus())) {
      return UpdateControl.noUpdate();
    }
    tell(model, next);
    OpenModel fresh = identity(model);
    fresh.setStatus(next);
    return StatusPatch.of(fresh);
  }

  /** The label and the time that llmaz's mutating webhook fills in. */
  private void complete(OpenModel model) {
    OpenModelSpec spec = model.getSpec();
    String family = spec.familyName();
    Map<String, String> labels =
        Optional.ofNullable(model.getMetadata().getLabels()).orElse(Map.of());
    boolean labelled = family == null || family.equals(labels.get(Labels.MODEL_FAMILY_NAME));
    if (labelled && spec.createdAt() != null) {
      return;
    }
    // A merge patch of just these fields: applying would make us an owner of what the user wrote.
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    if (family != null) {
      patch.putObject("metadata").putObject("labels").put(Labels.MODEL_FAMILY_NAME, family);
    }
    if (spec.createdAt() == null) {
      patch
          .putObject("spec")
          .put("createdAt", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    // Of an object at hand: by its name alone the client would read it first.
    client.resource(model).patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
  }

  private Optional<P2PTask> keepTask(OpenModel model, Optional<P2PTask> existing) {
    P2PTask wanted = ModelTasks.task(model);
    if (existing.isEmpty()) {
      log.info("OpenModel {}: applies P2PTask {}", name(model), wanted.getMetadata().getName());
      return Optional.of(client.resource(wanted).patch(APPLY));
    }
    if (ModelTasks.sameSource(existing.get(), wanted)) {
      return existing;
    }
    // A task is immutable; the new one is applied when the old one's removal is seen.
    log.info("OpenModel {}: another source, its P2PTask is made anew", name(model));
    client.resource(existing.get()).delete();
    return Optional.empty();
  }

  private void tell(OpenModel model, OpenModelStatus next) {
    OpenModelStatus before =
        Optional.ofNullable(model.getStatus()).orElse(new OpenModelStatus(null));
    boolean was = io.llmaz.api.Conditions.isTrue(before.conditions(), OpenModelStatus.READY);
    Optional<Condition> ready =
        io.llmaz.api.Conditions.find(next.conditions(), OpenModelStatus.READY);
    if (!was && ready.filter(c -> c.getStatus().equals("True")).isPresent()) {
      events.normal(model, "Ready", ready.get().getMessage());
    }
    ModelSource source = model.getSpec().source();
    if (source != null && source.modelHub() != null && source.uri() != null) {
      events.warning(model, "SourceIgnored", "modelHub and uri are both set: uri is ignored");
    }
  }

  private static OpenModel identity(OpenModel model) {
    OpenModel fresh = new OpenModel();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(name(model))
            .withUid(model.getMetadata().getUid())
            .build());
    return fresh;
  }

  private static String name(OpenModel model) {
    return model.getMetadata().getName();
  }
}
