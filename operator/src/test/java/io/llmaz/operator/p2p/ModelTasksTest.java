package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.api.Conditions;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.model.OpenModelStatus;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.P2PTaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proposal's tests of the model-controller, on its pure functions. */
final class ModelTasksTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void task_ofAModel_isOwnedByItAndNamesItsSource() {
    P2PTask task = ModelTasks.task(TestingTasks.model(TestingTasks.hub("a/b")));

    assertThat(task.getMetadata().getName()).isEqualTo("model-m");
    assertThat(task.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("uid-m");
    assertThat(task.getSpec().model())
        .extracting(m -> m.source())
        .isEqualTo(TestingTasks.hub("a/b"));
    assertThat(task.getSpec().image()).isNull();
  }

  @Test
  void task_bothSourcesSet_takesTheHub() {
    ModelSource both = new ModelSource(TestingTasks.hub("a/b").modelHub(), "oss://b.e/p");

    assertThat(ModelTasks.task(TestingTasks.model(both)).getSpec().model())
        .extracting(m -> m.source().uri())
        .isNull();
  }

  @Test
  void needsTask_hostPathOrP2pOff_isFalse() {
    OpenModel host = TestingTasks.model(new ModelSource(null, "host:///models/m"));

    assertThat(ModelTasks.needsTask(host, true)).isFalse();
    assertThat(ModelTasks.needsTask(TestingTasks.model(TestingTasks.hub("a/b")), false)).isFalse();
    assertThat(ModelTasks.needsTask(TestingTasks.model(TestingTasks.hub("a/b")), true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/m", "gcs://bucket/m", "oss://bucket.endpoint/m"})
  void needsTask_objectStore_isTrueAndTheTaskNamesIt(String uri) {
    OpenModel model = TestingTasks.model(new ModelSource(null, uri));

    assertThat(ModelTasks.needsTask(model, true)).isTrue();
    assertThat(ModelTasks.task(model).getSpec().model())
        .extracting(m -> m.source().uri())
        .isEqualTo(uri);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ollama://llama3", "host:///m", "nonsense", "s3://a://b"})
  void needsTask_whatTheGatewayCannotRead_isFalse(String uri) {
    assertThat(ModelTasks.needsTask(TestingTasks.model(new ModelSource(null, uri)), true))
        .isFalse();
  }

  @Test
  void needsTask_modelScope_isTrue() {
    ModelHub hub = new ModelHub(ModelHub.MODEL_SCOPE, "a/b", null, null, null, null);

    assertThat(ModelTasks.needsTask(TestingTasks.model(new ModelSource(hub, null)), true)).isTrue();
  }

  @Test
  void status_nothingToPrepare_isReadyAtOnce() {
    OpenModelStatus status =
        ModelTasks.status(
            TestingTasks.model(new ModelSource(null, "host:///m")), false, Optional.empty(), NOW);

    assertThat(Conditions.isTrue(status.conditions(), "Ready")).isTrue();
  }

  @Test
  void status_taskUnderWay_isPendingWithItsPercent() {
    OpenModelStatus status = status(taskWith(false, "InProgress", "43%"));

    assertThat(Conditions.isTrue(status.conditions(), "Pending")).isTrue();
    assertThat(status.conditions().getFirst().getMessage())
        .isEqualTo("Waiting for model downloading, 43%");
  }

  @Test
  void status_taskReady_isReadyInLlmazWords() {
    OpenModelStatus status = status(taskWith(true, "Distributed", "100%"));

    assertThat(Conditions.find(status.conditions(), "Ready").orElseThrow().getMessage())
        .isEqualTo("Model is downloaded successfully");
  }

  @Test
  void status_sourceRefused_saysWhy() {
    OpenModelStatus status = status(taskWith(false, "SourceRefused", "0%"));

    assertThat(status.conditions().getFirst().getReason()).isEqualTo("SourceRefused");
    assertThat(status.conditions().getFirst().getMessage()).isEqualTo("because");
  }

  private static OpenModelStatus status(P2PTask task) {
    return ModelTasks.status(
        TestingTasks.model(TestingTasks.hub("a/b")), true, Optional.of(task), NOW);
  }

  private static P2PTask taskWith(boolean ready, String reason, String progress) {
    P2PTask task = TestingTasks.task("model-m", P2PTaskSpec.Fallback.Allowed);
    task.setStatus(
        new P2PTaskStatus(
            1L,
            Conditions.with(List.of(), "Ready", ready, reason, "because", 1, NOW),
            "model",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            progress,
            null,
            null,
            null,
            null,
            null));
    return task;
  }
}
