package io.llmaz.operator.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.llmaz.api.Conditions;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.model.OpenModelSpec;
import io.llmaz.api.model.OpenModelStatus;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.operator.inference.Gate.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The proposal's tests of the playground-controller: what the gate lets through, and when. */
final class GateTest {
  private static final String IMAGE = "a/b:1";

  @Test
  void decide_modelNotReady_waitsForTheModel() {
    assertThat(decide(false, Optional.of(true), Optional.empty()))
        .isInstanceOfSatisfying(
            Verdict.Wait.class,
            wait -> {
              assertThat(wait.reason()).isEqualTo("WaitingForModel");
              assertThat(wait.message()).contains("model m");
            });
  }

  @Test
  void decide_modelReadyOfAnOlderGeneration_waitsForTheModel() {
    ClaimedModel edited = model(true);
    edited.model().getMetadata().setGeneration(2L);

    assertThat(
            Gate.decide(
                true, List.of(edited), revision(IMAGE), Optional.empty(), Optional.of(task(true))))
        .isInstanceOfSatisfying(
            Verdict.Wait.class, wait -> assertThat(wait.reason()).isEqualTo("WaitingForModel"));
  }

  @Test
  void decide_imageTaskNotThereYet_waitsForTheImage() {
    assertThat(decide(true, Optional.empty(), Optional.empty()))
        .isInstanceOfSatisfying(
            Verdict.Wait.class, wait -> assertThat(wait.reason()).isEqualTo("WaitingForImage"));
  }

  @Test
  void decide_imageNotReady_waitsAndShowsItsPercent() {
    assertThat(decide(true, Optional.of(false), Optional.empty()))
        .isInstanceOfSatisfying(
            Verdict.Wait.class, wait -> assertThat(wait.message()).contains(IMAGE + ", 43%"));
  }

  @Test
  void decide_modelReadyBeforeImage_opensOnlyAfterBoth() {
    assertThat(decide(true, Optional.of(false), Optional.empty())).isInstanceOf(Verdict.Wait.class);
    assertThat(decide(true, Optional.of(true), Optional.empty())).isInstanceOf(Verdict.Open.class);
  }

  @Test
  void decide_imageReadyBeforeModel_opensOnlyAfterBoth() {
    assertThat(decide(false, Optional.of(true), Optional.empty())).isInstanceOf(Verdict.Wait.class);
    assertThat(decide(true, Optional.of(true), Optional.empty())).isInstanceOf(Verdict.Open.class);
  }

  @Test
  void decide_runningAlready_isNeverHeldByAModelThatIsNotReady() {
    assertThat(decide(false, Optional.of(false), Optional.of(IMAGE)))
        .isInstanceOf(Verdict.Open.class);
  }

  @Test
  void decide_imageChanged_keepsTheOldOneUntilTheNewIsPrepared() {
    assertThat(decide(true, Optional.of(false), Optional.of("a/b:0")))
        .isInstanceOfSatisfying(
            Verdict.Keep.class, keep -> assertThat(keep.revision().image()).isEqualTo("a/b:0"));
    assertThat(decide(true, Optional.of(true), Optional.of("a/b:0")))
        .isInstanceOf(Verdict.Open.class);
  }

  @Test
  void decide_withoutP2p_neverWaits() {
    assertThat(
            Gate.decide(
                false, List.of(model(false)), revision(IMAGE), Optional.empty(), Optional.empty()))
        .isInstanceOf(Verdict.Open.class);
  }

  private static Verdict decide(
      boolean modelReady, Optional<Boolean> imageReady, Optional<String> running) {
    return Gate.decide(
        true,
        List.of(model(modelReady)),
        revision(IMAGE),
        running.map(GateTest::revision),
        imageReady.map(GateTest::task));
  }

  private static Gate.Revision revision(String image) {
    return new Gate.Revision(image, Optional.empty());
  }

  private static ClaimedModel model(boolean ready) {
    OpenModel model = new OpenModel();
    model.setMetadata(new ObjectMetaBuilder().withName("m").build());
    model.setSpec(new OpenModelSpec("f", null, null, null, null));
    model.setStatus(
        new OpenModelStatus(Conditions.with(List.of(), "Ready", ready, "R", "", 1, Instant.EPOCH)));
    return new ClaimedModel(model, "main");
  }

  private static P2PTask task(boolean ready) {
    P2PTask task = new P2PTask();
    task.setStatus(
        new P2PTaskStatus(
            1L,
            Conditions.with(List.of(), "Ready", ready, "R", "m", 1, Instant.EPOCH),
            "image",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            "43%",
            null,
            null,
            null,
            null,
            null));
    return task;
  }
}
