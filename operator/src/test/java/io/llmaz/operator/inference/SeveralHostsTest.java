package io.llmaz.operator.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.operator.config.GlobalConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a flavor's parameters and a config say: hosts, arguments, autoscaler. */
final class SeveralHostsTest {
  private static final Gate.Revision REVISION = new Gate.Revision("a/b:v1", Optional.empty());

  private final BackendRuntime backend =
      Serialization.unmarshal(
          """
          apiVersion: inference.llmaz.io/v1alpha1
          kind: BackendRuntime
          metadata: {name: vllm}
          spec:
            image: a/b
            version: v1
            recommendedConfigs:
            - {name: default, args: [--alone], scaleTrigger: {}}
            - name: busy
              scaleTrigger: {hpa: {metrics: [{type: Pods, pods: {metric: {name: queue}, target: {type: AverageValue, averageValue: "2"}}}]}}
            - {name: model-parallelism, args: [-tp, "{{.TP}}", -pp, "{{ .PP }}"]}
          """,
          BackendRuntime.class);

  @Test
  void service_flavorWithTpAndPp_isAGroupWithBothInItsArguments() {
    InferenceService service = design(playground(""), "{TP: '8', PP: '2'}").service(REVISION);

    assertThat(Objects.requireNonNull(service.getSpec().workloadTemplate()).size()).isEqualTo(2);
    assertThat(
            Objects.requireNonNull(service.getSpec().workloadTemplate().leaderTemplate())
                .getSpec()
                .getContainers()
                .getFirst()
                .getArgs())
        .containsExactly("-tp", "8", "-pp", "2");
  }

  @Test
  void service_configNeedsTpAndTheFlavorHasNone_isRefusedInLlmazWords() {
    assertThatThrownBy(() -> design(playground(""), "{PP: '2'}").service(REVISION))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessage("missing flag or the flag has format error: {{.TP}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "0", "-1", "1.5", "99999999999"})
  void service_ppThatIsNoNumberOfHosts_saysWhichFlavor(String pp) {
    assertThatThrownBy(
            () -> design(playground(""), "{TP: '8', PP: '" + pp + "'}").service(REVISION))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessage("flavor big: params.PP is no number from 1 on: " + pp);
  }

  @Test
  void autoscaler_triggerWithoutAnything_isNone() {
    Playground elastic = playground("elasticConfig: {minReplicas: 1, maxReplicas: 3}");

    assertThat(HpaDesign.of(elastic, design(elastic, "{}").recommended())).isEmpty();
  }

  @Test
  void autoscaler_triggerOfTheNamedConfig_isTaken() {
    Playground elastic =
        playground(
            "elasticConfig: {minReplicas: 1, maxReplicas: 3}\n"
                + "  backendRuntimeConfig: {configName: busy}");

    assertThat(
            HpaDesign.of(elastic, design(elastic, "{}").recommended())
                .orElseThrow()
                .getSpec()
                .getMetrics())
        .singleElement()
        .extracting(metric -> metric.getPods().getMetric().getName())
        .isEqualTo("queue");
  }

  @Test
  void leaderWorkerSet_workersToo_carryTheModelsLabelsAndFlavors() {
    InferenceService service = design(playground(""), "{TP: '8', PP: '2'}").service(REVISION);
    service.getMetadata().setUid("uid-p");

    Map<String, Object> group =
        new WorkloadDesign(
                service, List.of(new ClaimedModel(model("{}"), "main")), GlobalConfig.DEFAULT)
            .leaderWorkerSet()
            .get("spec", "leaderWorkerTemplate");

    assertThat(List.of("leaderTemplate", "workerTemplate"))
        .allSatisfy(template ->
            assertThat(Serialization.asJson(group.get(template)))
                .contains("\"llmaz.io/model-name\":\"m\"", "\"llmaz.io/model-family-name\":\"f\""));
  }

  @Test
  void leaderWorkerSet_subGroupPolicy_arrives() {
    InferenceService service =
        Serialization.unmarshal(
            """
            apiVersion: inference.llmaz.io/v1alpha1
            kind: Service
            metadata: {name: g, namespace: default, uid: uid-g}
            spec:
              modelClaims: {models: [{name: m, role: main}]}
              workloadTemplate:
                size: 4
                subGroupPolicy: {subGroupPolicyType: LeaderExcluded, subGroupSize: 2}
                workerTemplate: {spec: {containers: [{name: model-runner, image: own}]}}
            """,
            InferenceService.class);

    GenericKubernetesResource set =
        new WorkloadDesign(
                service, List.of(new ClaimedModel(model("{}"), "main")), GlobalConfig.DEFAULT)
            .leaderWorkerSet();

    assertThat(Serialization.asJson(set))
        .contains(
            "\"subGroupPolicy\":{\"subGroupPolicyType\":\"LeaderExcluded\",\"subGroupSize\":2}");
  }

  private ServiceDesign design(Playground playground, String params) {
    return new ServiceDesign(playground, backend, List.of(new ClaimedModel(model(params), "main")));
  }

  private static Playground playground(String more) {
    return Serialization.unmarshal(
        """
        apiVersion: inference.llmaz.io/v1alpha1
        kind: Playground
        metadata: {name: p, namespace: default, uid: uid-p}
        spec:
          modelClaim: {modelName: m}
          %s
        """
            .formatted(more),
        Playground.class);
  }

  private static OpenModel model(String params) {
    return Serialization.unmarshal(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: OpenModel
        metadata: {name: m}
        spec:
          familyName: f
          source: {modelHub: {modelID: org/name}}
          inferenceConfig: {flavors: [{name: big, params: %s}]}
        """
            .formatted(params),
        OpenModel.class);
  }
}
