package io.llmaz.operator.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceSpec;
import io.llmaz.api.inference.InferenceServiceStatus;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.PlaygroundStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** llmaz's conditions, word by word, and that none of them outlives its reason. */
final class ReportTest {
  @Test
  void playground_newService_isPendingInLlmazWords() {
    assertThat(texts(report(null).following(service(false))))
        .containsExactly("Progressing=True Pending: Waiting for inference Service ready");
  }

  @Test
  void playground_serviceAvailable_isReadyAndStaysProgressing() {
    assertThat(texts(report(null).following(service(true))))
        .containsExactly(
            "Progressing=True Pending: Waiting for inference Service ready",
            "Available=True PlaygroundReady: Playground is ready");
  }

  @Test
  void playground_serviceLost_isNotReadyInLlmazWords() {
    PlaygroundStatus ready = report(null).following(service(true));

    assertThat(texts(report(ready).following(service(false))))
        .containsExactly(
            "Progressing=True PlaygroundInProgress: Waiting for inference Service progressing",
            "Available=False PlaygroundNotReady: Waiting for inference Service ready");
  }

  @ParameterizedTest
  @CsvSource({"WaitingForImage,true", "WaitingForModel,true", "AbortProcessing,false"})
  void playground_nothingHoldsItAnyMore_noLongerSaysThatItIsHeld(String reason, boolean waiting) {
    PlaygroundStatus ready = report(null).following(service(true));
    PlaygroundStatus held =
        waiting
            ? report(ready).waiting(reason, "m", Optional.of(service(true)))
            : report(ready).aborted("m", Optional.of(service(true)));
    assertThat(held.conditions().getFirst().getReason()).isEqualTo(reason);
    assertThat(Conditions.isTrue(held.conditions(), "Available")).isTrue();

    assertThat(report(held).following(service(true)).conditions().getFirst().getReason())
        .isEqualTo("Pending");
  }

  @Test
  void playground_held_stillReportsReplicasOfWhatRuns() {
    PlaygroundStatus held = report(null).aborted("m", Optional.of(service(true)));

    assertThat(held.replicas()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "2,1,1,1,1,true",
    "1,1,1,1,1,false",
    "2,1,0,1,1,false",
    "2,1,1,0,1,false",
    "2,1,1,1,2,false",
    "2,0,0,0,0,true"
  })
  void service_deployment_isReadyOnlyWhenObservedUpdatedAndReadyAreAllWanted(
      long observed, int wanted, int updated, int ready, int existing, boolean expected) {
    Deployment deployment =
        new DeploymentBuilder()
            .withMetadata(new ObjectMetaBuilder().withGeneration(2L).build())
            .withNewSpec()
            .withReplicas(wanted)
            .endSpec()
            .withNewStatus()
            .withObservedGeneration(observed)
            .withUpdatedReplicas(updated)
            .withReadyReplicas(ready)
            .withReplicas(existing)
            .endStatus()
            .build();

    InferenceServiceStatus status =
        new InferenceServiceReport(service(false), Instant.EPOCH).of(deployment);

    assertThat(Conditions.isTrue(status.conditions(), "Available")).isEqualTo(expected);
  }

  private static List<String> texts(PlaygroundStatus status) {
    return status.conditions().stream()
        .map(c ->
            "%s=%s %s: %s".formatted(c.getType(), c.getStatus(), c.getReason(), c.getMessage()))
        .toList();
  }

  private static PlaygroundReport report(
      @org.jspecify.annotations.Nullable PlaygroundStatus status) {
    Playground playground = new Playground();
    playground.setMetadata(new ObjectMetaBuilder().withName("p").withGeneration(1L).build());
    playground.setStatus(status);
    return new PlaygroundReport(playground, Instant.EPOCH);
  }

  private static InferenceService service(boolean available) {
    List<Condition> conditions =
        Conditions.with(List.of(), "Available", available, "R", "m", 1, Instant.EPOCH);
    InferenceService service = new InferenceService();
    service.setMetadata(new ObjectMetaBuilder().withName("p").withGeneration(1L).build());
    service.setSpec(new InferenceServiceSpec(null, 1, null, null));
    service.setStatus(new InferenceServiceStatus(conditions, 3, "s"));
    return service;
  }
}
