package io.llmaz.integration;

import static io.llmaz.integration.GateUnderChangeIT.BACKEND;
import static io.llmaz.integration.GateUnderChangeIT.MODEL;
import static io.llmaz.integration.GateUnderChangeIT.await;
import static io.llmaz.integration.GateUnderChangeIT.playground;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.llmaz.api.Conditions;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceServiceStatus;
import io.llmaz.api.inference.Playground;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Which objects stand behind a Playground, and that nobody else's are touched. */
@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
final class WorkloadIT {
  /** The part of LeaderWorkerSet's definition that a controller of its objects meets. */
  static final String LEADER_WORKER_SET =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: leaderworkersets.leaderworkerset.x-k8s.io}
      spec:
        group: leaderworkerset.x-k8s.io
        scope: Namespaced
        names: {kind: LeaderWorkerSet, plural: leaderworkersets, singular: leaderworkerset, listKind: LeaderWorkerSetList}
        versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          schema:
            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """;

  private static final String FOREIGN =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: p, namespace: default}
      spec:
        replicas: 0
        selector: {matchLabels: {app: foreign}}
        template:
          metadata: {labels: {app: foreign}}
          spec: {containers: [{name: c, image: foreign}]}
      """;

  private final TestingApi api = TestingApi.shared();
  private TestingOperator operator;

  @BeforeEach
  void start() {
    operator = TestingOperator.start(api);
  }

  @AfterEach
  void stop() {
    operator.close();
    api.clean();
    var definition =
        api.client()
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("leaderworkersets.leaderworkerset.x-k8s.io");
    definition.delete();
    // What the next test applies must not be taken for an edit of the one that is going.
    await().until(() -> definition.get() == null);
  }

  @Test
  void service_foreignDeploymentOfItsName_isRefusedAndNeverChanged() {
    api.apply(FOREIGN);
    String version = deployment().getMetadata().getResourceVersion();
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));

    await()
        .untilAsserted(() ->
            assertThat(GateUnderChangeIT.service(api, "p").getStatus().conditions())
                .anyMatch(c ->
                    c.getReason().equals("AbortProcessing")
                        && c.getMessage()
                            .equals("Deployment p exists and is not owned by Service p")));
    assertThat(deployment().getMetadata().getOwnerReferences()).isEmpty();
    assertThat(deployment().getMetadata().getManagedFields())
        .noneMatch(entry -> entry.getManager().equals("llmaz"));
    assertThat(version).isNotEmpty();

    api.client().apps().deployments().inNamespace("default").withName("p").delete();

    await().untilAsserted(() -> assertThat(runnerImage()).isEqualTo("a/b:v1"));
    await()
        .untilAsserted(() ->
            assertThat(GateUnderChangeIT.service(api, "p").getStatus().conditions())
                .noneMatch(c -> c.getReason().equals("AbortProcessing")));
  }

  @Test
  void playground_foreignInferenceServiceOfItsName_isRefusedInLlmazWords() {
    api.apply(
        MODEL
            + "---\n"
            + BACKEND
            + """
            ---
            apiVersion: inference.llmaz.io/v1alpha1
            kind: Service
            metadata: {name: p, namespace: default}
            spec:
              modelClaims: {models: [{name: m, role: main}]}
              workloadTemplate:
                workerTemplate: {spec: {containers: [{name: model-runner, image: own}]}}
            """);
    await().untilAsserted(() -> assertThat(deployment()).isNotNull());

    api.apply(playground("p", ""));

    await()
        .untilAsserted(() ->
            assertThat(conditions())
                .anyMatch(c ->
                    c.getMessage()
                        .equals("Playground owns the same name with an existing Service")));
    assertThat(runnerImage()).isEqualTo("own");
  }

  @Test
  void service_groupWithoutTheApi_waitsUntilItIsInstalledAndSwitchesBackLeavingNothing() {
    api.apply(MODEL + "---\n" + BACKEND);
    api.apply(group(2));
    await()
        .untilAsserted(() ->
            assertThat(GateUnderChangeIT.service(api, "g").getStatus().conditions())
                .anyMatch(c -> c.getMessage().startsWith("a group of pods needs")));

    api.apply(LEADER_WORKER_SET);
    await().untilAsserted(() -> assertThat(groups()).hasSize(1));
    assertThat(groups().getFirst().<String>get("spec", "leaderWorkerTemplate", "restartPolicy"))
        .isEqualTo("None");

    api.apply(group(1));
    await()
        .untilAsserted(() -> {
          assertThat(groups()).isEmpty();
          assertThat(deployments()).hasSize(1);
        });

    api.apply(group(2));
    await()
        .untilAsserted(() -> {
          assertThat(groups()).hasSize(1);
          assertThat(deployments()).isEmpty();
        });
  }

  @Test
  void service_groupWhoseControllerSaysAvailable_isAvailableAndCanBeScaledByIt() {
    api.apply(LEADER_WORKER_SET);
    api.apply(MODEL + "---\n" + group(2));
    await().untilAsserted(() -> assertThat(groups()).hasSize(1));

    // As its controller does, which is not there.
    api.client()
        .genericKubernetesResources("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet")
        .inNamespace("default")
        .withName("g")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"replicas": 1, "hpaPodSelector": "a=b", "conditions": [
              {"type": "Available", "status": "True", "reason": "AllGroupsReady", "message": "m", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
            """);

    await()
        .untilAsserted(() -> {
          InferenceServiceStatus status = GateUnderChangeIT.service(api, "g").getStatus();
          assertThat(Conditions.isTrue(status.conditions(), "Available")).isTrue();
          assertThat(status.replicas()).isEqualTo(1);
          assertThat(status.selector()).isEqualTo("a=b");
        });
  }

  @Test
  void service_groupOfALongName_isMadeAndAnEventSaysThatNoPodComes() {
    String name = "g2345678901234567890123456789012345678901234567890123";
    api.apply(LEADER_WORKER_SET);
    api.apply(MODEL + "---\n" + group(2).replace("name: g,", "name: " + name + ","));

    await()
        .untilAsserted(() -> {
          assertThat(groups()).hasSize(1);
          assertThat(api.client().events().v1().events().inNamespace("default").list().getItems())
              .anyMatch(event ->
                  event.getReason().equals("NameTooLong")
                      && event.getRegarding().getName().equals(name));
        });
  }

  @Test
  void playground_nameTooLongForItsLoadBalancer_saysSo() {
    String name = "p23456789012345678901234567890123456789012345678901234567890123";
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground(name, ""));

    await()
        .untilAsserted(() ->
            assertThat(GateUnderChangeIT.service(api, name).getStatus().conditions())
                .anyMatch(c ->
                    c.getReason().equals("AbortProcessing")
                        && c.getMessage().contains("63 characters")));
  }

  @Test
  void playground_flavorOfSeveralHosts_becomesAGroupOnlyWithTheConfigForIt() {
    api.apply(LEADER_WORKER_SET);
    api.apply(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: OpenModel
        metadata: {name: m}
        spec:
          familyName: f
          source: {modelHub: {modelID: org/name}}
          inferenceConfig: {flavors: [{name: big, params: {TP: "8", PP: "2"}}]}
        """);
    api.apply(BACKEND + "---\n" + playground("p", ""));
    await().untilAsserted(() -> assertThat(deployment()).isNotNull());

    api.merge(
        BackendRuntime.class,
        "vllm",
        "{\"spec\":{\"recommendedConfigs\":[{\"name\":\"model-parallelism\",\"args\":[\"-pp\",\"{{.PP}}\"]}]}}");

    await()
        .untilAsserted(() -> {
          assertThat(groups()).hasSize(1);
          assertThat(groups().getFirst().<Integer>get("spec", "leaderWorkerTemplate", "size"))
              .isEqualTo(2);
          assertThat(deployments()).isEmpty();
        });
  }

  @Test
  void playground_unknownConfig_saysSoAndGoesOnWhenThereIsOne() {
    api.apply(
        MODEL
            + "---\n"
            + BACKEND
            + "---\n"
            + playground("p", "backendRuntimeConfig: {configName: fast}"));
    await()
        .untilAsserted(() ->
            assertThat(conditions())
                .anyMatch(c ->
                    c.getReason().equals("AbortProcessing")
                        && c.getMessage().equals("backendRuntime vllm has no config fast")));
    assertThat(deployment()).isNull();

    api.merge(
        BackendRuntime.class, "vllm", "{\"spec\":{\"recommendedConfigs\":[{\"name\":\"fast\"}]}}");

    await().untilAsserted(() -> assertThat(deployment()).isNotNull());
  }

  @Test
  void service_withoutModelClaims_saysSo() {
    api.apply(group(1).replace("  modelClaims: {models: [{name: m, role: main}]}\n", ""));

    await()
        .untilAsserted(() ->
            assertThat(GateUnderChangeIT.service(api, "g").getStatus().conditions())
                .anyMatch(c ->
                    c.getReason().equals("AbortProcessing")
                        && c.getMessage().startsWith("modelClaims is not set")));
  }

  @Test
  void configuration_anotherLoaderImage_reachesWhatRunsWithoutARestart() {
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));
    await().untilAsserted(() -> assertThat(loaderImage()).isNotEqualTo("own/loader:1"));

    api.globalConfig("init-container-image: own/loader:1");

    await().untilAsserted(() -> assertThat(loaderImage()).isEqualTo("own/loader:1"));
  }

  private String loaderImage() {
    return deployment().getSpec().getTemplate().getSpec().getInitContainers().getFirst().getImage();
  }

  @Test
  void service_loadBalancerEditedByHand_isRepaired() {
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));
    await().untilAsserted(() -> assertThat(loadBalancer()).isNotNull());
    Map<String, String> selector = loadBalancer().getSpec().getSelector();

    api.client()
        .services()
        .inNamespace("default")
        .withName("p-lb")
        .edit(service -> {
          service.getSpec().getSelector().replaceAll((key, value) -> "elsewhere");
          return service;
        });

    await()
        .untilAsserted(
            () -> assertThat(loadBalancer().getSpec().getSelector()).isEqualTo(selector));
  }

  @Test
  void playground_elasticConfig_createsChangesAndRemovesItsAutoscaler() {
    api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", elastic(3)));
    await().untilAsserted(() -> assertThat(autoscaler().getSpec().getMaxReplicas()).isEqualTo(3));

    api.apply(playground("p", elastic(5)));
    await().untilAsserted(() -> assertThat(autoscaler().getSpec().getMaxReplicas()).isEqualTo(5));

    api.merge(Playground.class, "p", "{\"spec\":{\"elasticConfig\":null}}");
    await().untilAsserted(() -> assertThat(autoscaler()).isNull());
  }

  static String elastic(int max) {
    return "elasticConfig: {minReplicas: 1, maxReplicas: %d, scaleTrigger: {hpa: {metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}}}"
        .formatted(max);
  }

  static String group(int size) {
    return """
    apiVersion: inference.llmaz.io/v1alpha1
    kind: Service
    metadata: {name: g, namespace: default}
    spec:
      modelClaims: {models: [{name: m, role: main}]}
      workloadTemplate:
        size: %d
        restartPolicy: None
        workerTemplate: {spec: {containers: [{name: model-runner, image: own}]}}
    """
        .formatted(size);
  }

  private List<Condition> conditions() {
    return api.client()
        .resources(Playground.class)
        .inNamespace("default")
        .withName("p")
        .get()
        .getStatus()
        .conditions();
  }

  private List<GenericKubernetesResource> groups() {
    return api.client()
        .genericKubernetesResources("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet")
        .inNamespace("default")
        .list()
        .getItems();
  }

  private List<Deployment> deployments() {
    return api.client().apps().deployments().inNamespace("default").list().getItems();
  }

  private HorizontalPodAutoscaler autoscaler() {
    return api.client()
        .autoscaling()
        .v2()
        .horizontalPodAutoscalers()
        .inNamespace("default")
        .withName("p")
        .get();
  }

  private Service loadBalancer() {
    return api.client().services().inNamespace("default").withName("p-lb").get();
  }

  private Deployment deployment() {
    return api.client().apps().deployments().inNamespace("default").withName("p").get();
  }

  private String runnerImage() {
    return deployment().getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
  }
}
