package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.llmaz.api.Conditions;
import io.llmaz.api.Labels;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.api.p2p.P2PTaskStatus.NodeCount;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.operator.status.DeletionTolerant;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The p2ptask-controller: observe the distribution, decide the status, report it. The work itself
 * is done by {@link Distributions}, so that no reconcile waits for bytes.
 */
@ControllerConfiguration(name = "p2ptask")
public final class P2PTaskReconciler implements Reconciler<P2PTask>, DeletionTolerant<P2PTask> {
  private final KubernetesClient client;
  private final GlobalConfigs configs;
  private final Distributions distributions;
  private final TaskStatus statuses;
  private final Predicate<String> imageUsed;
  private final EventRecorder events;
  private final Clock clock;

  /**
   * @param imageUsed whether somebody uses the image of a reference, or may
   */
  P2PTaskReconciler(
      KubernetesClient client,
      GlobalConfigs configs,
      Distributions distributions,
      TaskStatus statuses,
      Predicate<String> imageUsed,
      EventRecorder events,
      Clock clock) {
    this.client = client;
    this.configs = configs;
    this.distributions = distributions;
    this.statuses = statuses;
    this.imageUsed = imageUsed;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, P2PTask>> prepareEventSources(EventSourceContext<P2PTask> context) {
    SimpleInboundEventSource<P2PTask> progress = new SimpleInboundEventSource<>("distribution");
    distributions.follow(
        id -> {
          if (progress.isRunning()) {
            progress.propagateEvent(id);
          }
        },
        id -> context.getPrimaryCache().get(id).isPresent());
    return List.of(progress, configs.changes(context));
  }

  @Override
  public UpdateControl<P2PTask> reconcile(P2PTask task, Context<P2PTask> context) {
    if (!configs.current().p2p().enabled()) {
      distributions.stopNodes(task);
      return UpdateControl.noUpdate();
    }
    Instant now = clock.instant();
    Optional<Retention> retention = Retention.of(task, task.getStatus());
    if (retention.isPresent() && !keep(task, retention.get(), now)) {
      return UpdateControl.noUpdate();
    }
    Snapshot snapshot = distributions.of(task);
    P2PTaskStatus next = withNodes(task, snapshot, statuses.next(task, snapshot, now));
    UpdateControl<P2PTask> control = UpdateControl.noUpdate();
    if (!next.equals(task.getStatus())) {
      tell(task, next);
      // Not StatusPatch: rate and ETA change with each look, and a second look would write again.
      control = UpdateControl.patchStatus(withStatus(task, next));
    }
    statuses
        .lookAgain(task, snapshot, now)
        .or(() -> Retention.of(task, next).map(Retention::lookAgain))
        .ifPresent(control::rescheduleAfter);
    return control;
  }

  private P2PTaskStatus withNodes(P2PTask task, Snapshot snapshot, P2PTaskStatus next) {
    NodeCount before = task.getStatus() == null ? null : task.getStatus().nodes();
    return next.withNodes(
        distributions.nodes(task, snapshot).map(counts -> counts.status(before)).orElse(null));
  }

  /** Keeps in mind since when nobody uses an image; false when its task was removed for that. */
  private boolean keep(P2PTask task, Retention retention, Instant now) {
    String reference = Objects.requireNonNull(task.getSpec().image()).reference();
    boolean used = imageUsed.test(reference);
    if (!used && retention.expired(now)) {
      events.normal(task, "Expired", "Nobody uses " + reference + " any more");
      client.resource(task).delete();
      return false;
    }
    if (used == retention.unusedSince().isPresent()) {
      // Null removes it: RFC 7396.
      String since = used ? "null" : "\"" + now + "\"";
      client
          .resource(task)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(Labels.UNUSED_SINCE, since));
    }
    return true;
  }

  private void tell(P2PTask task, P2PTaskStatus next) {
    List<Condition> before =
        Optional.ofNullable(task.getStatus()).map(P2PTaskStatus::conditions).orElse(List.of());
    if (turned(before, next, P2PTaskConditions.RESOLVED)) {
      events.normal(task, "Resolved", next.source() + " at " + next.revision());
      events.normal(task, "DistributionStarted", next.size() + " to a seed peer");
    }
    if (turned(before, next, P2PTaskConditions.DISTRIBUTED)) {
      events.normal(task, "Distributed", next.size() + " are on a seed peer");
    }
    NodeCount nodes = next.nodes();
    if (nodes != null
        && whole(nodes)
        && !whole(task.getStatus() == null ? null : task.getStatus().nodes())) {
      events.normal(
          task, "NodesComplete", "All %d chosen nodes have every file".formatted(nodes.total()));
    }
    String ready = reason(before);
    String nowReady = reason(next.conditions());
    if (nowReady.equals(P2PTaskConditions.FALLBACK_TO_SOURCE) && !ready.equals(nowReady)) {
      events.warning(
          task,
          "FellBack",
          Conditions.find(next.conditions(), P2PTaskConditions.READY)
              .map(Condition::getMessage)
              .orElse(""));
    } else if (ready.equals(P2PTaskConditions.FALLBACK_TO_SOURCE) && !ready.equals(nowReady)) {
      events.normal(task, "Recovered", "Loaders get the bytes from peers again");
    }
  }

  private static boolean whole(@Nullable NodeCount nodes) {
    return nodes != null && nodes.total() > 0 && nodes.complete() == nodes.total();
  }

  private static boolean turned(List<Condition> before, P2PTaskStatus next, String type) {
    return !Conditions.isTrue(before, type) && Conditions.isTrue(next.conditions(), type);
  }

  private static String reason(List<Condition> conditions) {
    return Conditions.find(conditions, P2PTaskConditions.READY)
        .map(Condition::getReason)
        .orElse("");
  }

  private static P2PTask withStatus(P2PTask task, P2PTaskStatus status) {
    P2PTask fresh = new P2PTask();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(task.getMetadata().getName())
            .withUid(task.getMetadata().getUid())
            .build());
    fresh.setStatus(status);
    return fresh;
  }
}
