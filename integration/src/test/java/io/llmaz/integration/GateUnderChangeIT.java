package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.llmaz.api.Names;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What happens to Playgrounds when the world changes while they wait or run, on a real API server
 * with Kubernetes' own controllers; the test says when tasks are done.
 */
@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
final class GateUnderChangeIT {
  static final String MODEL =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: OpenModel
      metadata: {name: m}
      spec: {familyName: f, source: {modelHub: {modelID: org/name}}}
      """;
  static final String BACKEND =
      """
      apiVersion: inference.llmaz.io/v1alpha1
      kind: BackendRuntime
      metadata: {name: vllm}
      spec: {image: a/b, version: v1}
      """;
  private static final String MODEL_TASK = Names.modelTask("m");
  private static final String IMAGE_TASK = Names.imageTask("a/b:v1", List.of());
  private static final String IMAGE_TASK_2 = Names.imageTask("a/b:v2", List.of());

  private final TestingApi api = TestingApi.shared();
  private TestingOperator operator;

  @BeforeEach
  void start() {
    api.p2pOn();
    operator = TestingOperator.start(api);
  }

  @AfterEach
  void stop() {
    operator.close();
    api.clean();
  }

  @Test
  void playground_modelDeletedWhileWaiting_saysSoAndGoesOnWhenItIsBack() {
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));
    awaitReason("p", "WaitingForModel");

    api.client().resources(OpenModel.class).withName("m").delete();
    awaitMessage("p", "Waiting for model creation");
    api.apply(MODEL);
    completeAll();

    awaitDeployment("p");
  }

  @Test
  void playground_imageTaskDeletedByHand_isMadeAgain() {
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));
    awaitTask(IMAGE_TASK);
    String first = task(IMAGE_TASK).getMetadata().getUid();

    api.client().resources(P2PTask.class).withName(IMAGE_TASK).delete();

    await()
        .untilAsserted(() -> {
          assertThat(task(IMAGE_TASK)).isNotNull();
          assertThat(task(IMAGE_TASK).getMetadata().getUid()).isNotEqualTo(first);
        });
    assertThat(deployment("p")).isNull();
    completeAll();
    awaitDeployment("p");
  }

  @Test
  void playgrounds_fiftyWaitWhenTheEngineGoesAway_allGoOnByTheSource() {
    api.apply(MODEL + "---\n" + BACKEND);
    IntStream.range(0, 50).forEach(i -> api.apply(playground("p" + i, "")));
    await()
        .untilAsserted(() ->
            assertThat(
                    api.client().resources(Playground.class).list().getItems().stream()
                        .filter(p -> has(p, "WaitingForModel")))
                .hasSize(50));
    assertThat(api.client().resources(P2PTask.class).list().getItems()).hasSize(2);

    api.completeTask(MODEL_TASK, "FallbackToSource");
    api.completeTask(IMAGE_TASK, "FallbackToSource");
    await()
        .untilAsserted(() ->
            assertThat(api.client().apps().deployments().inNamespace("default").list().getItems())
                .hasSize(50));
    long generations = generations();
    api.completeTask(MODEL_TASK, "Distributed");
    api.completeTask(IMAGE_TASK, "Distributed");
    api.globalConfig("scheduler-name: default-scheduler");
    api.p2pOn();

    await()
        .during(Duration.ofSeconds(2))
        .untilAsserted(() ->
            assertThat(api.client().apps().deployments().inNamespace("default").list().getItems())
                .hasSize(50));
    assertThat(generations).isEqualTo(50);
  }

  @Test
  void playgrounds_withOneImage_shareItsTask_andAVersionOfItsOwnGetsAnother() {
    api.apply(
        MODEL
            + "---\n"
            + BACKEND
            + "---\n"
            + playground("p", "")
            + "---\n"
            + playground("q", "")
            + "---\n"
            + playground("r", "backendRuntimeConfig: {version: v2}"));

    awaitTask(IMAGE_TASK);
    awaitTask(IMAGE_TASK_2);
    awaitReason("q", "WaitingForModel");

    assertThat(api.client().resources(P2PTask.class).list().getItems()).hasSize(3);
  }

  @Test
  void playground_imageChangedWhileItRuns_keepsTheOldOneUntilPreparedAndScalesMeanwhile() {
    running("p");
    api.merge(BackendRuntime.class, "vllm", "{\"spec\":{\"version\":\"v2\"}}");
    awaitReason("p", "WaitingForImage");

    api.merge(Playground.class, "p", "{\"spec\":{\"replicas\":3}}");

    await().untilAsserted(() -> assertThat(deployment("p").getSpec().getReplicas()).isEqualTo(3));
    assertThat(image("p")).isEqualTo("a/b:v1");
    await()
        .untilAsserted(() -> {
          // The real controller may still be writing its first "not ready" of this new task.
          api.completeTask(IMAGE_TASK_2, "Distributed");
          assertThat(image("p")).isEqualTo("a/b:v2");
        });
    awaitNoReason("p", "WaitingForImage");
  }

  @Test
  void playground_modelAndBackendDeletedWhileItRuns_stillScales() {
    running("p");
    api.client().resources(OpenModel.class).withName("m").delete();
    awaitMessage("p", "Waiting for model creation");
    api.client().resources(BackendRuntime.class).withName("vllm").delete();
    awaitMessage("p", "Waiting for backendRuntime vllm creation");

    api.merge(Playground.class, "p", "{\"spec\":{\"replicas\":4}}");

    await().untilAsserted(() -> assertThat(deployment("p").getSpec().getReplicas()).isEqualTo(4));
    api.apply(MODEL + "---\n" + BACKEND);
    awaitNoReason("p", "AbortProcessing");
    assertThat(deployment("p").getSpec().getReplicas()).isEqualTo(4);
  }

  @Test
  void playground_modelEditedToAnotherRevision_isUntouchedUntilAskedToRoll() {
    running("p");
    long generation = deployment("p").getMetadata().getGeneration();
    String prepared = task(MODEL_TASK).getMetadata().getUid();

    api.merge(OpenModel.class, "m", "{\"spec\":{\"source\":{\"modelHub\":{\"revision\":\"v2\"}}}}");
    awaitReason("p", "ModelChanged");
    // Nothing else is under way then, that would wake the Playground in the annotation's place.
    await()
        .untilAsserted(() -> {
          assertThat(task(MODEL_TASK).getMetadata().getUid()).isNotEqualTo(prepared);
          assertThat(task(MODEL_TASK).getStatus()).isNotNull();
        });
    assertThat(deployment("p").getMetadata().getGeneration()).isEqualTo(generation);
    api.merge(
        Playground.class,
        "p",
        "{\"metadata\":{\"annotations\":{\"llmaz.io/restarted-at\":\"1\"}}}");
    awaitReason("p", "WaitingForModel");
    assertThat(deployment("p").getMetadata().getGeneration()).isEqualTo(generation);
    completeAll();

    await().untilAsserted(() -> assertThat(revision("p")).isEqualTo("v2"));
    awaitNoReason("p", "ModelChanged");
  }

  @Test
  void playground_replicasReady_isAvailableAndFollowsTheDeployment() {
    running("p");

    await()
        .untilAsserted(() -> {
          api.makePodsReady("p");
          assertThat(has(playground("p"), "PlaygroundReady")).isTrue();
        });

    assertThat(playground("p").getStatus().replicas()).isEqualTo(1);
    assertThat(playground("p").getStatus().conditions())
        .allMatch(c -> c.getObservedGeneration() != null);
  }

  private void running(String name) {
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground(name, ""));
    completeAll();
    await()
        .untilAsserted(() -> {
          // The real controller may still be writing its first "not ready" over what we say.
          api.completeTask(MODEL_TASK, "Distributed");
          api.completeTask(IMAGE_TASK, "Distributed");
          assertThat(deployment(name)).isNotNull();
        });
  }

  private void completeAll() {
    awaitTask(MODEL_TASK);
    awaitTask(IMAGE_TASK);
    await()
        .untilAsserted(() -> {
          api.completeTask(MODEL_TASK, "Distributed");
          api.completeTask(IMAGE_TASK, "Distributed");
          assertThat(
                  api.client()
                      .resources(OpenModel.class)
                      .withName("m")
                      .get()
                      .getStatus()
                      .conditions())
              .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
        });
  }

  private long generations() {
    return api.client().apps().deployments().inNamespace("default").list().getItems().stream()
        .mapToLong(d -> d.getMetadata().getGeneration())
        .sum();
  }

  static String playground(String name, String more) {
    return """
    apiVersion: inference.llmaz.io/v1alpha1
    kind: Playground
    metadata: {name: %s, namespace: default}
    spec:
      modelClaim: {modelName: m}
      %s
    """
        .formatted(name, more);
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions();
  }

  private void awaitTask(String name) {
    await().untilAsserted(() -> assertThat(task(name)).isNotNull());
  }

  private void awaitDeployment(String name) {
    await().untilAsserted(() -> assertThat(deployment(name)).isNotNull());
  }

  private void awaitReason(String name, String reason) {
    await().untilAsserted(() -> assertThat(reasons(name)).contains(reason));
  }

  private void awaitNoReason(String name, String reason) {
    await().untilAsserted(() -> assertThat(reasons(name)).isNotEmpty().doesNotContain(reason));
  }

  private List<String> reasons(String name) {
    return playground(name).getStatus().conditions().stream().map(Condition::getReason).toList();
  }

  private void awaitMessage(String name, String message) {
    await()
        .untilAsserted(() ->
            assertThat(playground(name).getStatus().conditions())
                .anyMatch(c -> c.getMessage().equals(message)));
  }

  private static boolean has(Playground playground, String reason) {
    return playground.getStatus() != null
        && playground.getStatus().conditions().stream().anyMatch(c -> c.getReason().equals(reason));
  }

  private Playground playground(String name) {
    return api.client().resources(Playground.class).inNamespace("default").withName(name).get();
  }

  private P2PTask task(String name) {
    return api.client().resources(P2PTask.class).withName(name).get();
  }

  private Deployment deployment(String name) {
    return api.client().apps().deployments().inNamespace("default").withName(name).get();
  }

  private String image(String name) {
    return deployment(name).getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
  }

  private String revision(String name) {
    return deployment(name)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getInitContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(variable -> variable.getName().equals("REVISION"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElse("");
  }

  /** The inference Service of a name. */
  static InferenceService service(TestingApi api, String name) {
    return api.client()
        .resources(InferenceService.class)
        .inNamespace("default")
        .withName(name)
        .get();
  }
}
