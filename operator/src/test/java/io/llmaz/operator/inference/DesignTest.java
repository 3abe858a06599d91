package io.llmaz.operator.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.operator.config.GlobalConfig;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** llmaz's golden objects (its llamacpp example), built by our rules. */
final class DesignTest {
  private static final GlobalConfig PLAIN =
      new GlobalConfig(
          "default-scheduler", "inftyai/model-loader:v0.0.10", GlobalConfig.P2p.DISABLED);
  private static final GlobalConfig P2P =
      new GlobalConfig(
          null,
          "llmaz/model-loader:dev",
          new GlobalConfig.P2p(
              true,
              URI.create("http://gateway:8088"),
              List.of("seed:4000"),
              null,
              null,
              4001,
              4000,
              null,
              null));

  private final BackendRuntime backend =
      read(
          BackendRuntime.class,
          """
          apiVersion: inference.llmaz.io/v1alpha1
          kind: BackendRuntime
          metadata: {name: llamacpp}
          spec:
            command: [./llama-server]
            image: ghcr.io/ggerganov/llama.cpp
            version: server
            envs: [{name: A, value: runtime}, {name: B, value: runtime}]
            recommendedConfigs:
            - name: default
              args: [-m, "{{ .ModelPath }}", --host, 0.0.0.0]
              resources: {requests: {cpu: 2}, limits: {cpu: 2}}
            - name: speculative-decoding
              args: [-m, "{{.ModelPath}}", -md, "{{.DraftModelPath}}"]
          """);
  private final OpenModel model =
      read(
          OpenModel.class,
          """
          apiVersion: llmaz.io/v1alpha1
          kind: OpenModel
          metadata: {name: qwen2-0--5b-gguf}
          spec:
            familyName: qwen2
            source:
              modelHub: {name: Huggingface, modelID: Qwen/Qwen2-0.5B-Instruct-GGUF, filename: q5.gguf, revision: main}
            inferenceConfig:
              flavors: [{name: t4, limits: {nvidia.com/gpu: 1}}]
          """);

  @Test
  void service_llamacppExample_isTheGoldenOne() {
    InferenceService service =
        design(playground("{}"))
            .service(new Gate.Revision("ghcr.io/ggerganov/llama.cpp:server", Optional.empty()));

    Container runner = runner(service);
    assertThat(runner.getName()).isEqualTo("model-runner");
    assertThat(runner.getArgs())
        .containsExactly("-m", "/workspace/models/q5.gguf", "--host", "0.0.0.0");
    assertThat(runner.getCommand()).containsExactly("./llama-server");
    assertThat(runner.getPorts().getFirst().getContainerPort()).isEqualTo(8080);
    assertThat(service.getSpec().replicas()).isEqualTo(1);
    assertThat(service.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("uid-p");
  }

  @Test
  void image_withAVersionOfItsOwn_takesIt() {
    assertThat(ServiceDesign.image(playground("{version: b1234}"), backend))
        .isEqualTo("ghcr.io/ggerganov/llama.cpp:b1234");
  }

  @Test
  void service_envsOfBoth_mergeByNameInAStableOrder() {
    Container runner =
        runner(
            design(playground("{envs: [{name: C, value: own}, {name: A, value: own}]}"))
                .service(new Gate.Revision("i:1", Optional.empty())));

    assertThat(runner.getEnv())
        .extracting(EnvVar::getName, EnvVar::getValue)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("A", "own"),
            org.assertj.core.groups.Tuple.tuple("B", "runtime"),
            org.assertj.core.groups.Tuple.tuple("C", "own"));
  }

  @Test
  void service_unknownConfig_saysWhichAndOfWhat() {
    assertThatThrownBy(() ->
            design(playground("{configName: nothing}"))
                .service(new Gate.Revision("i:1", Optional.empty())))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessage("backendRuntime llamacpp has no config nothing");
  }

  @Test
  void template_unknownKey_isRefusedInLlmazWords() {
    assertThatThrownBy(() -> ArgumentTemplate.render(List.of("{{.Nothing}}"), java.util.Map.of()))
        .hasMessage("missing flag or the flag has format error: {{.Nothing}}");
  }

  @Test
  void deployment_ofASingleHost_hasTheLoaderAndItsContract() {
    PodSpec pod = deployment(PLAIN).getSpec().getTemplate().getSpec();

    Container loader = pod.getInitContainers().getFirst();
    assertThat(loader.getName()).isEqualTo("model-loader");
    assertThat(loader.getEnv())
        .extracting(EnvVar::getName)
        .containsExactly(
            "A",
            "B",
            "MODEL_SOURCE_TYPE",
            "MODEL_ID",
            "MODEL_HUB_NAME",
            "MODEL_FILENAME",
            "REVISION",
            "HUGGING_FACE_HUB_TOKEN",
            "HF_TOKEN");
    assertThat(pod.getSchedulerName()).isEqualTo("default-scheduler");
    assertThat(pod.getVolumes()).singleElement().extracting("name").isEqualTo("model-volume");
    assertThat(pod.getContainers().getFirst().getVolumeMounts().getFirst().getReadOnly()).isTrue();
  }

  @Test
  void deployment_tokenOfTheRunner_isTheLoadersOnlyOne() {
    InferenceService service =
        design(playground("{envs: [{name: HF_TOKEN, value: own}]}"))
            .service(new Gate.Revision("i:1", Optional.empty()));

    assertThat(
            new WorkloadDesign(service, List.of(new ClaimedModel(model, "main")), PLAIN)
                .deployment()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getInitContainers()
                .getFirst()
                .getEnv())
        .filteredOn(variable -> variable.getName().equals("HF_TOKEN"))
        .singleElement()
        .extracting(EnvVar::getValue)
        .isEqualTo("own");
  }

  @Test
  void deployment_flavorOfTheModel_overwritesLimitsAndRequests() {
    Container runner =
        deployment(PLAIN).getSpec().getTemplate().getSpec().getContainers().getFirst();

    assertThat(runner.getResources().getLimits()).containsKey("nvidia.com/gpu");
    assertThat(runner.getResources().getRequests()).containsKey("nvidia.com/gpu");
  }

  @Test
  void deployment_withP2p_showsTheLoaderItsDaemonAndGateway() {
    PodSpec pod = deployment(P2P).getSpec().getTemplate().getSpec();

    assertThat(pod.getInitContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .contains("LLMAZ_TASK", "LLMAZ_GATEWAY", "LLMAZ_NODE_IP", "LLMAZ_DFDAEMON_PROXY_PORT");
    assertThat(pod.getVolumes()).extracting("name").contains("llmaz-gateway-token");
  }

  @Test
  void deployment_seedsFilledByTheManager_tellsTheLoaderHowTasksAreNamed() {
    GlobalConfig managed =
        GlobalConfig.parse(
            "p2p: {enabled: true, gateway: 'http://g', manager: {address: 'http://m', token-file: /t}}");

    assertThat(loaderVariables(managed)).contains("LLMAZ_TASK_KEYS");
    assertThat(loaderVariables(P2P)).doesNotContain("LLMAZ_TASK_KEYS");
  }

  private List<String> loaderVariables(GlobalConfig config) {
    return deployment(config)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getInitContainers()
        .getFirst()
        .getEnv()
        .stream()
        .map(EnvVar::getName)
        .toList();
  }

  @Test
  void deployment_podsCarryTheLabelsOfTheLoadBalancer() {
    Deployment deployment = deployment(PLAIN);

    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
        .containsEntry("llmaz.io/model-name", "qwen2-0--5b-gguf")
        .containsEntry("leaderworkerset.sigs.k8s.io/worker-index", "0");
  }

  @Test
  void deployment_ofAHostPath_hasOneVolumeAndNoLoader() {
    OpenModel host =
        read(
            OpenModel.class,
            """
            apiVersion: llmaz.io/v1alpha1
            kind: OpenModel
            metadata: {name: h}
            spec: {familyName: f, source: {uri: "host:///models/h"}}
            """);
    InferenceService service =
        design(playground("{}")).service(new Gate.Revision("i:1", Optional.empty()));
    PodSpec pod =
        new WorkloadDesign(service, List.of(new ClaimedModel(host, "main")), PLAIN)
            .deployment()
            .getSpec()
            .getTemplate()
            .getSpec();

    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getVolumes()).singleElement().extracting("hostPath.path").isEqualTo("/models/h");
  }

  @Test
  void deployment_ofAHostPathBesideAHubModel_keepsLoadersOutOfTheNodesDirectory() {
    OpenModel host =
        read(
            OpenModel.class,
            """
            apiVersion: llmaz.io/v1alpha1
            kind: OpenModel
            metadata: {name: h}
            spec: {familyName: f, source: {uri: "host:///models/h"}}
            """);
    PodSpec pod =
        new WorkloadDesign(
                design(playground("{}")).service(new Gate.Revision("i:1", Optional.empty())),
                List.of(new ClaimedModel(model, "main"), new ClaimedModel(host, "draft")),
                PLAIN)
            .deployment()
            .getSpec()
            .getTemplate()
            .getSpec();

    assertThat(pod.getVolumes()).extracting("name").containsExactly("model-host", "model-volume");
    assertThat(pod.getInitContainers().getFirst().getVolumeMounts())
        .singleElement()
        .extracting("name")
        .isEqualTo("model-volume");
  }

  private Deployment deployment(GlobalConfig config) {
    InferenceService service =
        design(playground("{}")).service(new Gate.Revision("i:1", Optional.empty()));
    return new WorkloadDesign(service, List.of(new ClaimedModel(model, "main")), config)
        .deployment();
  }

  private ServiceDesign design(Playground playground) {
    return new ServiceDesign(playground, backend, List.of(new ClaimedModel(model, "main")));
  }

  private static Playground playground(String config) {
    return read(
        Playground.class,
        """
        apiVersion: inference.llmaz.io/v1alpha1
        kind: Playground
        metadata: {name: p, namespace: default, uid: uid-p}
        spec:
          modelClaim: {modelName: qwen2-0--5b-gguf}
          backendRuntimeConfig: %s
        """
            .formatted(config));
  }

  private static Container runner(InferenceService service) {
    return Objects.requireNonNull(
            Objects.requireNonNull(service.getSpec().workloadTemplate()).workerTemplate())
        .getSpec()
        .getContainers()
        .getFirst();
  }

  private static <T> T read(Class<T> type, String yaml) {
    return Serialization.unmarshal(yaml, type);
  }
}
