package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.llmaz.api.Conditions;
import io.llmaz.api.Names;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.model.OpenModelStatus;
import io.llmaz.api.p2p.ModelTask;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.P2PTaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What an OpenModel's task and status should be: pure functions. */
final class ModelTasks {
  private static final String READY_MESSAGE = "Model is downloaded successfully";

  private ModelTasks() {}

  /** Whether there is something to prepare: host paths and ollama bring their own bytes. */
  static boolean needsTask(OpenModel model, boolean p2p) {
    ModelSource source = model.getSpec().source();
    return p2p && source != null && source.distributable();
  }

  /** The task for a model's files, owned by the model. */
  static P2PTask task(OpenModel model) {
    P2PTask task = new P2PTask();
    task.setMetadata(
        new ObjectMetaBuilder()
            .withName(Names.modelTask(model.getMetadata().getName()))
            .addNewOwnerReference()
            .withApiVersion(model.getApiVersion())
            .withKind(model.getKind())
            .withName(model.getMetadata().getName())
            .withUid(model.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference()
            .build());
    // The hub wins when both are set, as in llmaz; so only the hub is the task's.
    ModelSource source = Objects.requireNonNull(model.getSpec().source());
    task.setSpec(
        new P2PTaskSpec(
            new ModelTask(
                new ModelSource(
                    source.modelHub(), source.modelHub() == null ? source.uri() : null)),
            null,
            null,
            null,
            P2PTaskSpec.Fallback.Allowed,
            null,
            null));
    return task;
  }

  static boolean sameSource(P2PTask one, P2PTask other) {
    return Objects.equals(one.getSpec().model(), other.getSpec().model());
  }

  /**
   * A model's status.
   *
   * @param prepared whether it needs a task
   * @param task the task; empty while it is being made
   */
  static OpenModelStatus status(
      OpenModel model, boolean prepared, Optional<P2PTask> task, Instant now) {
    List<Condition> before =
        Optional.ofNullable(model.getStatus()).map(OpenModelStatus::conditions).orElse(List.of());
    long generation = model.getMetadata().getGeneration();
    if (!prepared) {
      return ready(
          before, "Nothing is to be prepared: the loader goes to the source", generation, now);
    }
    Optional<P2PTaskStatus> status = task.map(P2PTask::getStatus);
    Optional<Condition> condition =
        status.flatMap(s -> Conditions.find(s.conditions(), P2PTaskConditions.READY));
    if (condition.filter(c -> c.getStatus().equals("True")).isPresent()) {
      boolean fallback = P2PTaskConditions.FALLBACK_TO_SOURCE.equals(condition.get().getReason());
      return ready(
          before, fallback ? condition.get().getMessage() : READY_MESSAGE, generation, now);
    }
    String progress = status.map(P2PTaskStatus::progress).map(p -> ", " + p).orElse("");
    String reason =
        condition.map(Condition::getReason).filter(r -> !r.equals("InProgress")).orElse("Pending");
    String message =
        reason.equals("Pending")
            ? "Waiting for model downloading" + progress
            : condition.map(Condition::getMessage).orElse("");
    List<Condition> next =
        Conditions.with(before, OpenModelStatus.PENDING, true, reason, message, generation, now);
    // A model that was ready and gets another source is not ready any more.
    if (Conditions.find(next, OpenModelStatus.READY).isPresent()) {
      next = Conditions.with(next, OpenModelStatus.READY, false, reason, message, generation, now);
    }
    return new OpenModelStatus(next);
  }

  private static OpenModelStatus ready(
      List<Condition> before, String message, long generation, Instant now) {
    List<Condition> next = before;
    if (Conditions.find(before, OpenModelStatus.PENDING).isPresent()) {
      next =
          Conditions.with(
              before, OpenModelStatus.PENDING, false, "Ready", message, generation, now);
    }
    return new OpenModelStatus(
        Conditions.with(next, OpenModelStatus.READY, true, "Ready", message, generation, now));
  }
}
