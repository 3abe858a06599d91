package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pod's status as its node sees it. Each change makes a whole status and hands it on when it
 * differs from the last. Safe for several threads; {@code this} guards all state, also while the
 * status is handed on, so that an older one never overwrites a newer one.
 */
final class PodReport {
  private final Pod pod;
  private final String hostAddress;
  private final String podAddress;
  private final InstantSource clock;
  private final Consumer<PodStatus> writer;
  private final Map<String, ContainerStatus> initContainers = new LinkedHashMap<>();
  private final Map<String, ContainerStatus> containers = new LinkedHashMap<>();
  private final Map<String, PodCondition> conditions = new LinkedHashMap<>();
  private final String startTime;
  private @Nullable PodStatus last;

  PodReport(
      Pod pod,
      String hostAddress,
      String podAddress,
      InstantSource clock,
      Consumer<PodStatus> writer) {
    this.pod = pod;
    this.hostAddress = hostAddress;
    this.podAddress = podAddress;
    this.clock = clock;
    this.writer = writer;
    this.startTime = now();
    pod.getSpec().getInitContainers().forEach(c -> initContainers.put(c.getName(), fresh(c)));
    pod.getSpec().getContainers().forEach(c -> containers.put(c.getName(), fresh(c)));
  }

  private static ContainerStatus fresh(Container container) {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withReady(false)
        .withStarted(false)
        .withRestartCount(0)
        .withState(waitingFor("PodInitializing", null))
        .build();
  }

  private static ContainerState waitingFor(String reason, @Nullable String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .build();
  }

  synchronized void waiting(String container, String reason, @Nullable String message) {
    change(
        container,
        status ->
            status
                .edit()
                .withReady(false)
                .withStarted(false)
                .withState(waitingFor(reason, message))
                .build());
  }

  synchronized void running(String container, String imageId) {
    change(
        container,
        status ->
            status
                .edit()
                .withImageID(imageId)
                .withState(
                    new ContainerStateBuilder()
                        .withNewRunning()
                        .withStartedAt(now())
                        .endRunning()
                        .build())
                .build());
  }

  /**
   * A container's process is gone.
   *
   * @param message what it said last
   */
  synchronized void ended(String container, int exitCode, String message) {
    change(
        container,
        status -> {
          String since =
              status.getState().getRunning() == null
                  ? now()
                  : status.getState().getRunning().getStartedAt();
          return status
              .edit()
              .withReady(exitCode == 0 && initContainers.containsKey(container))
              .withStarted(false)
              .withState(
                  new ContainerStateBuilder()
                      .withNewTerminated()
                      .withExitCode(exitCode)
                      .withReason(exitCode == 0 ? "Completed" : "Error")
                      .withMessage(exitCode == 0 ? null : message)
                      .withStartedAt(since)
                      .withFinishedAt(now())
                      .endTerminated()
                      .build())
              .build();
        });
  }

  /** The container will be started again: its end becomes its last state. */
  synchronized void backingOff(String container, String message) {
    change(
        container,
        status ->
            status
                .edit()
                .withRestartCount(status.getRestartCount() + 1)
                .withLastState(status.getState())
                .withState(waitingFor("CrashLoopBackOff", message))
                .build());
  }

  synchronized void started(String container, boolean started) {
    change(container, status -> status.edit().withStarted(started).build());
  }

  synchronized void ready(String container, boolean ready) {
    change(container, status -> status.edit().withReady(ready).build());
  }

  private void change(String container, UnaryOperator<ContainerStatus> change) {
    (initContainers.containsKey(container) ? initContainers : containers)
        .computeIfPresent(container, (name, status) -> change.apply(status));
    write();
  }

  private void write() {
    boolean initialized = initContainers.values().stream().allMatch(PodReport::succeeded);
    boolean ready =
        initialized
            && containers.values().stream().allMatch(c -> Boolean.TRUE.equals(c.getReady()));
    condition("PodScheduled", true, null);
    condition("Initialized", initialized, "ContainersNotInitialized");
    condition("ContainersReady", ready, "ContainersNotReady");
    condition("Ready", ready, "ContainersNotReady");
    PodStatus next =
        new PodStatusBuilder()
            .withPhase(phase(initialized))
            .withHostIP(hostAddress)
            .addNewHostIP(hostAddress)
            .withPodIP(podAddress)
            .addNewPodIP(podAddress)
            .withQosClass("BestEffort")
            .withStartTime(startTime)
            .withConditions(List.copyOf(conditions.values()))
            .withInitContainerStatuses(List.copyOf(initContainers.values()))
            .withContainerStatuses(List.copyOf(containers.values()))
            .build();
    if (!next.equals(last)) {
      last = next;
      writer.accept(next);
    }
  }

  private String phase(boolean initialized) {
    boolean never = "Never".equals(pod.getSpec().getRestartPolicy());
    boolean always =
        "Always".equals(Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always"));
    if (never && initContainers.values().stream().anyMatch(PodReport::failed)) {
      return "Failed";
    }
    boolean begun =
        containers.values().stream()
            .anyMatch(c -> c.getState().getWaiting() == null || c.getRestartCount() > 0);
    if (!initialized || !begun) {
      return "Pending";
    }
    if (!always && containers.values().stream().allMatch(PodReport::succeeded)) {
      return "Succeeded";
    }
    boolean ended =
        containers.values().stream().allMatch(c -> c.getState().getTerminated() != null);
    return never && ended ? "Failed" : "Running";
  }

  private static boolean succeeded(ContainerStatus status) {
    return status.getState().getTerminated() != null
        && status.getState().getTerminated().getExitCode() == 0;
  }

  private static boolean failed(ContainerStatus status) {
    return status.getState().getTerminated() != null && !succeeded(status);
  }

  private void condition(String type, boolean holds, @Nullable String reason) {
    String status = holds ? "True" : "False";
    PodCondition before = conditions.get(type);
    conditions.put(
        type,
        new PodConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(holds ? null : reason)
            .withLastTransitionTime(
                before != null && before.getStatus().equals(status)
                    ? before.getLastTransitionTime()
                    : now())
            .build());
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
