package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.llmaz.api.Names;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.operator.Operator;
import io.llmaz.operator.config.OperatorConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The proposal's integration tests: the operator on an API server, with the test in the place of
 * the p2ptask-controller. The real one is running, but its gateway is not there and its patience is
 * longer than a test's, so it says "not ready" once and then nothing changes for it.
 */
abstract class GateScenarios {
  private static final String MODEL_TASK = Names.modelTask("m");
  private static final String IMAGE_TASK = Names.imageTask("a/b:v1", List.of());
  private static final String OBJECTS =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: OpenModel
      metadata: {name: m}
      spec: {familyName: f, source: {modelHub: {modelID: org/name}}}
      ---
      apiVersion: inference.llmaz.io/v1alpha1
      kind: BackendRuntime
      metadata: {name: vllm}
      spec: {image: a/b, version: v1}
      ---
      apiVersion: inference.llmaz.io/v1alpha1
      kind: Playground
      metadata: {name: p, namespace: default}
      spec: {modelClaim: {modelName: m}}
      """;

  private Operator operator;

  /** Of the server, which holds nothing of an earlier test. */
  abstract KubernetesClient client();

  abstract void apply(String yaml);

  /** Leaves nothing behind. */
  abstract void clean();

  @BeforeEach
  void start() {
    operator = operator();
  }

  @AfterEach
  void stop() {
    operator.close();
    clean();
  }

  @Test
  void deployment_modelThenImageComplete_appearsOnlyAfterBoth() {
    switchP2pOn();
    operator.start();
    apply(OBJECTS);
    awaitTasks();

    complete(MODEL_TASK);
    awaitReason("WaitingForImage");
    assertThat(deployment()).isNull();
    complete(IMAGE_TASK);

    GateUnderChangeIT.await().untilAsserted(() -> assertThat(deployment()).isNotNull());
  }

  @Test
  void deployment_imageThenModelComplete_appearsOnlyAfterBoth() {
    switchP2pOn();
    operator.start();
    apply(OBJECTS);
    awaitTasks();

    complete(IMAGE_TASK);
    awaitReason("WaitingForModel");
    assertThat(deployment()).isNull();
    complete(MODEL_TASK);

    GateUnderChangeIT.await().untilAsserted(() -> assertThat(deployment()).isNotNull());
  }

  @Test
  void deployment_withoutP2p_appearsAtOnceAndThereIsNoTask() {
    operator.start();
    apply(OBJECTS);

    GateUnderChangeIT.await().untilAsserted(() -> assertThat(deployment()).isNotNull());
    assertThat(client().resources(P2PTask.class).list().getItems()).isEmpty();
    GateUnderChangeIT.await()
        .untilAsserted(() ->
            assertThat(client().services().inNamespace("default").withName("p-lb").get())
                .isNotNull());
  }

  @Test
  void playground_modelAppearsLate_saysSoAndGoesOn() {
    String model = OBJECTS.substring(0, OBJECTS.indexOf("---"));
    operator.start();
    apply(OBJECTS.substring(OBJECTS.indexOf("---")));

    awaitMessage("Waiting for model creation");
    apply(model);

    GateUnderChangeIT.await().untilAsserted(() -> assertThat(deployment()).isNotNull());
  }

  @Test
  void playground_lateDraftAndAnotherNamespace_goesOn() {
    operator.start();
    apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: other}
        """);
    apply(
        OBJECTS
            .replace("namespace: default", "namespace: other")
            .replace(
                "modelClaim: {modelName: m}",
                "modelClaims: {models: [{name: m, role: main}, {name: d, role: draft}]}"));
    GateUnderChangeIT.await()
        .untilAsserted(() ->
            assertThat(
                    client()
                        .resources(Playground.class)
                        .inNamespace("other")
                        .withName("p")
                        .get()
                        .getStatus()
                        .conditions())
                .anyMatch(c -> c.getMessage().equals("Waiting for model creation")));

    apply(OBJECTS.substring(0, OBJECTS.indexOf("---")).replace("name: m}", "name: d}"));

    GateUnderChangeIT.await()
        .untilAsserted(() ->
            assertThat(client().apps().deployments().inNamespace("other").withName("p").get())
                .isNotNull());
  }

  private void switchP2pOn() {
    TestingApi.globalConfig(
        client(), "p2p: {enabled: true, gateway: 'http://127.0.0.1:9', seeds: ['127.0.0.1:9']}");
    operator.close();
    operator = operator();
  }

  private Operator operator() {
    return new Operator(
        client(),
        new OperatorConfig(
            "llmaz-system",
            0,
            0,
            "127.0.0.1",
            false,
            Path.of("/nonexistent/token"),
            1,
            1,
            1,
            Duration.ofHours(1)),
        "test",
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }

  /** Waits until the tasks are there and the real controller has said all that it has to say. */
  private void awaitTasks() {
    for (String task : List.of(MODEL_TASK, IMAGE_TASK)) {
      GateUnderChangeIT.await()
          .untilAsserted(() ->
              assertThat(
                      client()
                          .resources(P2PTask.class)
                          .withName(task)
                          .get()
                          .getStatus()
                          .conditions())
                  .anyMatch(c -> c.getReason().equals("GatewayUnavailable")));
    }
    awaitReason("WaitingForModel");
  }

  /** Plays the p2ptask-controller. */
  private void complete(String task) {
    client()
        .resources(P2PTask.class)
        .withName(task)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Distributed\","
                + "\"message\":\"m\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}");
  }

  private void awaitReason(String reason) {
    GateUnderChangeIT.await()
        .untilAsserted(() ->
            assertThat(playground().getStatus().conditions())
                .anyMatch(condition -> condition.getReason().equals(reason)));
  }

  private void awaitMessage(String message) {
    GateUnderChangeIT.await()
        .untilAsserted(() ->
            assertThat(playground().getStatus().conditions())
                .anyMatch(condition -> condition.getMessage().equals(message)));
  }

  private Playground playground() {
    return client().resources(Playground.class).inNamespace("default").withName("p").get();
  }

  private Deployment deployment() {
    return client().apps().deployments().inNamespace("default").withName("p").get();
  }
}
