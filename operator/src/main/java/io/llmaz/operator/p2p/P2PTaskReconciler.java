package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.WorkloadTemplate;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The p2ptask-controller: observe the distribution, decide the status, report it. The work itself
 * is done by {@link Distributions}, so that no reconcile waits for bytes.
 */
@ControllerConfiguration(name = "p2ptask")
public final class P2PTaskReconciler implements Reconciler<P2PTask> {
  private final KubernetesClient client;
  private final GlobalConfigs configs;
  private final Distributions distributions;
  private final TaskStatus statuses;
  private final EventRecorder events;
  private final Clock clock;

  P2PTaskReconciler(
      KubernetesClient client,
      GlobalConfigs configs,
      Distributions distributions,
      TaskStatus statuses,
      EventRecorder events,
      Clock clock) {
    this.client = client;
    this.configs = configs;
    this.distributions = distributions;
    this.statuses = statuses;
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
      return UpdateControl.noUpdate();
    }
    Instant now = clock.instant();
    Optional<UpdateControl<P2PTask>> expired = removeUnused(task, now);
    if (expired.isPresent()) {
      return expired.get();
    }
    Snapshot snapshot = distributions.of(task);
    P2PTaskStatus next = statuses.next(task, snapshot, now);
    UpdateControl<P2PTask> control = UpdateControl.noUpdate();
    if (!next.equals(task.getStatus())) {
      tell(task, next);
      control = UpdateControl.patchStatus(withStatus(task, next));
    }
    Optional<Duration> again =
        statuses.lookAgain(task, snapshot, now).or(() -> untilUnused(task, next, now));
    again.ifPresent(control::rescheduleAfter);
    return control;
  }

  /** Deletes an image's task that nobody has used for its time to live. */
  private Optional<UpdateControl<P2PTask>> removeUnused(P2PTask task, Instant now) {
    P2PTaskStatus status = task.getStatus();
    if (status == null || untilUnused(task, status, now).filter(Duration::isPositive).isPresent()) {
      return Optional.empty();
    }
    ImageTask image = task.getSpec().image();
    if (image == null || status.completionTime() == null || inUse(image.reference())) {
      return Optional.empty();
    }
    events.normal(task, "Expired", "Nobody uses " + image.reference() + " any more");
    client.resource(task).delete();
    return Optional.of(UpdateControl.noUpdate());
  }

  /** How long an image's task is kept at least, from now on. */
  private static Optional<Duration> untilUnused(P2PTask task, P2PTaskStatus status, Instant now) {
    Long ttl = task.getSpec().ttlSecondsAfterFinished();
    if (task.getSpec().image() == null || ttl == null || status.completionTime() == null) {
      return Optional.empty();
    }
    Instant end = Instant.parse(status.completionTime()).plusSeconds(ttl);
    // In use it is looked at again after another time to live.
    return Optional.of(
        end.isAfter(now) ? Duration.between(now, end) : Duration.ofSeconds(Math.max(60, ttl)));
  }

  private boolean inUse(String reference) {
    return client.resources(InferenceService.class).inAnyNamespace().list().getItems().stream()
        .flatMap(P2PTaskReconciler::images)
        .anyMatch(reference::equals);
  }

  private static Stream<String> images(InferenceService service) {
    WorkloadTemplate template = service.getSpec().workloadTemplate();
    return template == null
        ? Stream.empty()
        : Stream.of(
                Optional.ofNullable(template.leaderTemplate()),
                Optional.ofNullable(template.workerTemplate()))
            .flatMap(Optional::stream)
            .flatMap(pod -> pod.getSpec().getContainers().stream())
            .map(container -> String.valueOf(container.getImage()));
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
