package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Condition;
import io.llmaz.api.Conditions;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.inference.InferenceConditions;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.model.OpenModelStatus;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskStatus;
import java.util.List;
import java.util.Optional;

/**
 * Whether a Playground's workload may be made, or take another image: every claimed model must be
 * Ready and the image's task too. It holds only the first creation and image changes; what runs is
 * never touched, and a change of replicas never waits.
 */
final class Gate {
  private Gate() {}

  /** What the gate says. */
  sealed interface Verdict {

    /** The workload may be what it should. */
    record Open() implements Verdict {}

    /** It must wait. */
    record Wait(String reason, String message) implements Verdict {}

    /** It goes on with what it has, because the new image or model is not prepared. */
    record Keep(Revision revision, String reason, String message) implements Verdict {}
  }

  /**
   * What replicas are made of.
   *
   * @param image of the runner
   * @param restartedAt the value of the annotation that asks for a roll; empty for none
   */
  record Revision(String image, Optional<String> restartedAt) {

    /** What a Service's replicas are made of; empty when it has no runner. */
    static Optional<Revision> of(InferenceService service) {
      return Optional.ofNullable(service.getSpec().workloadTemplate())
          .map(template ->
              template.leaderTemplate() != null
                  ? template.leaderTemplate()
                  : template.workerTemplate())
          .flatMap(pod ->
              pod.getSpec().getContainers().stream()
                  .filter(c -> c.getName().equals(Names.RUNNER_CONTAINER))
                  .map(c -> c.getImage())
                  .findFirst())
          .map(image ->
              new Revision(
                  image, Optional.ofNullable(ModelPins.annotation(service, Labels.RESTARTED_AT))));
    }
  }

  /**
   * Asks the gate.
   *
   * @param p2p whether P2P is on; else nothing waits
   * @param models that are claimed and that loaders bring, all of them present
   * @param wanted what is asked for
   * @param running what runs; empty before the first creation
   * @param imageTask of the wanted image; empty while it is being made
   */
  static Verdict decide(
      boolean p2p,
      List<ClaimedModel> models,
      Revision wanted,
      Optional<Revision> running,
      Optional<P2PTask> imageTask) {
    if (!p2p || running.filter(wanted::equals).isPresent()) {
      return new Verdict.Open();
    }
    if (running.map(Revision::restartedAt).filter(wanted.restartedAt()::equals).isEmpty()) {
      for (ClaimedModel model : models) {
        OpenModelStatus status = model.model().getStatus();
        List<Condition> conditions = status == null ? List.of() : status.conditions();
        Long generation = model.model().getMetadata().getGeneration();
        if (!Conditions.isTrueNow(conditions, OpenModelStatus.READY, generation)) {
          return hold(
              running,
              InferenceConditions.WAITING_FOR_MODEL,
              "Waiting for model " + model.name() + why(conditions, OpenModelStatus.PENDING));
        }
      }
    }
    if (running.map(Revision::image).filter(wanted.image()::equals).isPresent()) {
      return new Verdict.Open();
    }
    List<Condition> conditions =
        imageTask.map(P2PTask::getStatus).map(P2PTaskStatus::conditions).orElse(List.of());
    if (Conditions.isTrue(conditions, P2PTaskConditions.READY)) {
      return new Verdict.Open();
    }
    String progress =
        imageTask
            .map(P2PTask::getStatus)
            .map(P2PTaskStatus::progress)
            .map(percent -> ", " + percent)
            .orElse("");
    String message =
        "Waiting for image " + wanted.image() + progress + why(conditions, P2PTaskConditions.READY);
    return hold(running, InferenceConditions.WAITING_FOR_IMAGE, message);
  }

  private static Verdict hold(Optional<Revision> running, String reason, String message) {
    return running
        .<Verdict>map(revision -> new Verdict.Keep(revision, reason, message))
        .orElseGet(() -> new Verdict.Wait(reason, message));
  }

  private static String why(List<Condition> conditions, String type) {
    return Conditions.find(conditions, type)
        .map(Condition::getMessage)
        .map(message -> ": " + message)
        .orElse("");
  }
}
