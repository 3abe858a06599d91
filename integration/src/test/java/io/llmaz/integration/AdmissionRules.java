package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.Policies;
import io.llmaz.api.model.OpenModel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every object that llmaz takes or refuses, by its schemas and validating webhooks, and its
 * defaults. What a row expects is a part of the refusal, which names field and rule; nothing means
 * that the object is taken.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AdmissionRules {
  private static final Map<String, String> PATHS =
      Map.of(
          "OpenModel", "/apis/llmaz.io/v1alpha1/openmodels",
          "BackendRuntime", "/apis/inference.llmaz.io/v1alpha1/backendruntimes",
          "Playground", "/apis/inference.llmaz.io/v1alpha1/namespaces/default/playgrounds",
          "Service", "/apis/inference.llmaz.io/v1alpha1/namespaces/default/services");
  private static final Map<String, String> VALID =
      Map.of(
          "OpenModel", "{familyName: f, source: {modelHub: {modelID: a/b}}}",
          "BackendRuntime", "{image: i, version: v}",
          "Playground", "{modelClaim: {modelName: m}}",
          "Service",
              "{workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}}");

  /** A spec that no policy takes at creation. */
  private static final Map<String, String> WRONG =
      Map.of(
          "OpenModel", "{familyName: f, source: {}}",
          "BackendRuntime", "{image: i, version: v, recommendedConfigs: [{name: a}, {name: a}]}",
          "Playground", "{}",
          "Service", "{workloadTemplate: {workerTemplate: {spec: {containers: [{name: other}]}}}}");

  private static final String BINDINGS =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
  private static final String BASE = "base";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of the server that is looked at, with the CRDs and the policies. */
  abstract KubernetesClient client();

  /** Ends what was started for these tests. */
  abstract void close();

  /** A policy is at work a moment after it is stored. */
  @BeforeAll
  void start() {
    for (String kind : PATHS.keySet()) {
      Awaitility.await(kind).atMost(PATIENCE).until(() -> !taken(kind, WRONG.get(kind)));
      client().raw(PATHS.get(kind), "POST", object(kind, BASE, VALID.get(kind)).toString());
    }
  }

  @AfterAll
  void clean() {
    PATHS.values().forEach(path -> client().raw(path + "/" + BASE, "DELETE", "{}"));
    close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 1000,
      textBlock =
          """
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b}}} |
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b, filename: w.gguf}}} |
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b, filename: w.gguf, allowPatterns: []}}} |
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b, allowPatterns: ['*'], ignorePatterns: ['*.bin']}}} |
          OpenModel | {familyName: f, source: {modelHub: {name: ModelScope, modelID: a/b, allowPatterns: ['*']}}} |
          OpenModel | {familyName: f, source: {modelHub: {}}} |
          OpenModel | {familyName: f, source: {uri: 'oss://bucket.endpoint.com/models/x'}} |
          OpenModel | {familyName: f, source: {uri: 'OSS://bucket.endpoint.com/models/x'}} |
          OpenModel | {familyName: f, source: {uri: 's3://bucket/models/x'}} |
          OpenModel | {familyName: f, source: {uri: 'gcs://bucket/models/x'}} |
          OpenModel | {familyName: f, source: {uri: 'host:///mnt/models/x'}} |
          OpenModel | {familyName: f, source: {uri: 'ollama://qwen2:0.5b'}} |
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b}, uri: 's3://bucket/x'}} |
          OpenModel | {familyName: '', source: {modelHub: {modelID: a/b}}} |
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b}}, inferenceConfig: {flavors: [{name: a, limits: {cpu: 1, memory: 1Gi}}]}} |
          OpenModel | {familyName: f} | spec.source: Required value
          OpenModel | {source: {modelHub: {modelID: a/b}}} | spec.familyName: Required value
          OpenModel | {familyName: 'a b', source: {modelHub: {modelID: a/b}}} | spec.familyName: Invalid value: "a b"
          OpenModel | {familyName: f, source: {}} | spec.source: Forbidden: Source can't be all null
          OpenModel | {familyName: f, source: {uri: ''}} | spec.source.uri: Invalid value: "": URI with wrong format
          OpenModel | {familyName: f, source: {uri: 'bucket/x'}} | spec.source.uri: Invalid value: "bucket/x": URI with wrong format
          OpenModel | {familyName: f, source: {uri: 's3://a://b'}} | spec.source.uri: Invalid value: "s3://a://b": URI with wrong format
          OpenModel | {familyName: f, source: {uri: 'host://'}} | spec.source.uri: Invalid value: "host://": URI with wrong format
          OpenModel | {familyName: f, source: {uri: 'ftp://a/b'}} | spec.source.uri: Invalid value: "ftp://a/b": URI with unsupported protocol
          OpenModel | {familyName: f, source: {uri: 'oss://bucket/x'}} | spec.source.uri: Invalid value: "oss://bucket/x": URI with wrong address
          OpenModel | {familyName: f, source: {uri: 'oss://bucket.endpoint'}} | URI with wrong address
          OpenModel | {familyName: f, source: {uri: 's3://bucket'}} | URI with wrong address
          OpenModel | {familyName: f, source: {uri: 'gcs:///x'}} | URI with wrong address
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b}, uri: 'nonsense'}} | URI with wrong format
          OpenModel | {familyName: f, source: {modelHub: {name: Nowhere}}} | spec.source.modelHub.name: Unsupported value: "Nowhere"
          OpenModel | {familyName: f, source: {modelHub: {name: ModelScope, modelID: a/b, filename: w}}} | spec.source.modelHub.filename: Invalid value: "w": Filename can only set once modelHub is Huggingface
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b, filename: w, allowPatterns: ['*']}}} | spec.source.modelHub.allowPatterns: Invalid value: Once Filename is set, allowPatterns should be nil
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b, filename: w, ignorePatterns: ['*']}}} | spec.source.modelHub.ignorePatterns: Invalid value: Once Filename is set, ignorePatterns should be nil
          OpenModel | {familyName: f, source: {modelHub: {}}, inferenceConfig: {flavors: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}, {name: g}, {name: h}, {name: i}]}} | spec.inferenceConfig.flavors: Too many: 9: must have at most 8 items
          OpenModel | {familyName: f, source: {modelHub: {}}, inferenceConfig: {flavors: [{limits: {cpu: 1}}]}} | spec.inferenceConfig.flavors[0].name: Required value
          OpenModel | {familyName: f, source: {modelHub: {}}, inferenceConfig: {flavors: [{name: a, limits: {cpu: much}}]}} | spec.inferenceConfig.flavors[0].limits.cpu
          Playground | {modelClaim: {modelName: m}} |
          Playground | {modelClaim: {modelName: m, inferenceFlavors: [a100]}, replicas: 0} |
          Playground | {modelClaim: {}} |
          Playground | {modelClaims: {models: [{name: m}]}} |
          Playground | {modelClaims: {models: [{name: m}, {name: d, role: draft}]}} |
          Playground | {modelClaims: {models: [{name: d, role: draft}, {name: m, role: main}]}} |
          Playground | {modelClaim: {modelName: m}, backendRuntimeConfig: {resources: {limits: {cpu: 1, memory: 1Gi, nvidia.com/gpu: 1}, requests: {cpu: 1000m, memory: 1024Mi}}}} |
          Playground | {modelClaim: {modelName: m}, backendRuntimeConfig: {resources: {requests: {cpu: 1}}}} |
          Playground | {modelClaim: {modelName: m}, backendRuntimeConfig: {backendName: not-there}} |
          Playground | {modelClaim: {modelName: m}, elasticConfig: {maxReplicas: 2}} |
          Playground | {modelClaim: {modelName: m}, elasticConfig: {minReplicas: 1, maxReplicas: 2, scaleTrigger: {hpa: {}}}} |
          Playground | {} | spec: Forbidden: modelClaim and modelClaims couldn't be both nil
          Playground | {modelClaim: {modelName: m}, modelClaims: {models: [{name: m}]}} | spec: Forbidden: modelClaim and modelClaims couldn't be both not nil
          Playground | {modelClaim: {modelName: 'a/b'}} | spec.modelClaim.modelName: Invalid value: "a/b": no OpenModel can have this name
          Playground | {modelClaims: {models: [{name: m}, {name: 'd/e', role: draft}]}} | spec.modelClaims.models.name: Invalid value: "d/e": no OpenModel can have this name
          Playground | {modelClaims: {models: []}} | spec.modelClaims.models in body should have at least 1 items
          Playground | {modelClaims: {models: [{role: main}]}} | spec.modelClaims.models[0].name: Required value
          Playground | {modelClaims: {models: [{name: m, role: lora}]}} | spec.modelClaims.models[0].role: Unsupported value: "lora"
          Playground | {modelClaims: {}} | spec.modelClaims.models: Forbidden: main model is required
          Playground | {modelClaims: {models: [{name: d, role: draft}]}} | spec.modelClaims.models: Forbidden: only two models are allowed in speculativeDecoding mode
          Playground | {modelClaims: {models: [{name: m}, {name: n}, {name: d, role: draft}]}} | spec.modelClaims.models: Forbidden: only two models are allowed in speculativeDecoding mode
          Playground | {modelClaims: {models: [{name: d, role: draft}, {name: e, role: draft}]}} | spec.modelClaims.models: Forbidden: main model is required
          Playground | {modelClaims: {models: [{name: m}, {name: n}]}} | spec.modelClaims.models: Forbidden: only one main model is allowed
          Playground | {modelClaim: {modelName: m}, backendRuntimeConfig: {resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 1025Mi}}}} | spec.backendRuntimeConfig.resources: Forbidden: limit (1Gi) for memory must be greater than or equal to request (1025Mi)
          Playground | {modelClaim: {modelName: m}, backendRuntimeConfig: {resources: {limits: {cpu: 1}, requests: {cpu: 1001m}}}} | limit (1) for cpu must be greater than or equal to request (1001m)
          Playground | {modelClaim: {modelName: m}, elasticConfig: {minReplicas: 0, maxReplicas: 2}} | spec.elasticConfig.minReplicas: Forbidden: minReplicas couldn't be 0
          Playground | {modelClaim: {modelName: m}, elasticConfig: {minReplicas: -1, maxReplicas: 2}} | spec.elasticConfig.minReplicas: Invalid value: minReplicas couldn't be negative
          Playground | {modelClaim: {modelName: m}, elasticConfig: {minReplicas: 3, maxReplicas: 2}} | spec.elasticConfig.minReplicas: Invalid value: 3: minReplicas must be less than maxReplicas (2)
          Playground | {modelClaim: {modelName: m}, elasticConfig: {maxReplicas: 1}} | spec.elasticConfig.minReplicas: Invalid value: 1: minReplicas must be less than maxReplicas (1)
          Playground | {modelClaim: {modelName: m}, elasticConfig: {minReplicas: 1}} | spec.elasticConfig.maxReplicas: Required value
          Playground | {modelClaim: {modelName: m}, elasticConfig: {maxReplicas: 0}} | spec.elasticConfig.maxReplicas in body should be greater than or equal to 1
          Playground | {modelClaim: {modelName: m}, elasticConfig: {maxReplicas: 2, scaleTrigger: {}}} | spec.elasticConfig.scaleTrigger.hpa: Forbidden: hpa couldn't be nil
          Playground | {modelClaim: {modelName: m}, replicas: -1} | spec.replicas: Invalid value: -1: should be a non-negative integer
          Service | {workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}} |
          Service | {modelClaims: {models: [{name: m}, {name: n}]}, workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}} |
          Service | {modelClaims: {models: [{name: m}, {name: d, role: draft}]}, workloadTemplate: {workerTemplate: {spec: {containers: [{name: a}, {name: model-runner}]}}}} |
          Service | {workloadTemplate: {leaderTemplate: {spec: {containers: [{name: other}]}}, workerTemplate: {spec: {containers: [{name: model-runner}]}}}} |
          Service | {} | spec.workloadTemplate: Required value
          Service | {workloadTemplate: {}} | spec.workloadTemplate.workerTemplate: Required value
          Service | {workloadTemplate: {restartPolicy: Never, workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | spec.workloadTemplate.restartPolicy: Unsupported value: "Never"
          Service | {modelClaims: {models: [{name: d, role: draft}]}, workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | spec.modelClaims.models: Forbidden: only two models are allowed in speculativeDecoding mode
          Service | {modelClaims: {models: [{name: d, role: draft}, {name: e, role: draft}]}, workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | spec.modelClaims.models: Forbidden: main model is required
          Service | {replicas: -1, workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | spec.replicas: Invalid value: -1: should be a non-negative integer
          BackendRuntime | {image: i, version: v} |
          BackendRuntime | {image: i, version: v} |
          BackendRuntime | {image: i, version: v, recommendedConfigs: [{name: a, resources: {limits: {cpu: 2}, requests: {cpu: 2000m}}}, {name: b, scaleTrigger: {}}]} |
          BackendRuntime | {image: i} | spec.version: Required value
          BackendRuntime | {version: v} | spec.image: Required value
          BackendRuntime | {image: i, version: v, recommendedConfigs: [{args: [a]}]} | spec.recommendedConfigs[0].name: Required value
          BackendRuntime | {image: i, version: v, recommendedConfigs: [{name: a}, {name: b, resources: {limits: {cpu: 1}, requests: {cpu: 1100m}}}]} | spec.recommendedConfigs.resources: Forbidden: in config b: resource limit of cpu is less than resource request
          BackendRuntime | {image: i, version: v, recommendedConfigs: [{name: a}, {name: b}, {name: a}]} | spec.recommendedConfigs.name: Duplicate value: duplicated name a
          """)
  void object_createdOrUpdated_isTakenOrRefusedWithFieldAndRule(
      String kind, String spec, @Nullable String refusal) {
    check(refusal, () -> create(kind, "x", spec));
    check(refusal, () -> update(kind, spec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OpenModel | a.b | {familyName: f, source: {modelHub: {modelID: a/b}}} | metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must
          OpenModel | A | {familyName: f, source: {modelHub: {modelID: a/b}}} | metadata.name: Invalid value: "A": a lowercase RFC 1123
          OpenModel | a2345678901234567890123456789012345678901234567890123456789012345 | {familyName: f, source: {modelHub: {}}} | have at most 63 characters
          Playground | a.b | {modelClaim: {modelName: m}} | metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must
          Service | a.b | {workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must
          Service | s | {workloadTemplate: {workerTemplate: {spec: {containers: [{name: other}]}}}} | spec.workloadTemplate.workerTemplate.spec.containers: Forbidden: model-runner container doesn't exist
          Service | s | {workloadTemplate: {workerTemplate: {}}} | model-runner container doesn't exist
          """)
  void object_createdOnly_isRefused(String kind, String name, String spec, String refusal) {
    check(refusal, () -> create(kind, name, spec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 1000,
      textBlock =
          """
          Playground | p2345678901234567890123456789012345678901234567890123456789012 | {modelClaim: {modelName: m}} | -lb\\", which must have at most 63 characters
          Playground | 7b-model | {modelClaim: {modelName: m}} | named \\"7b-model-lb\\", which must start with a letter
          Service | s234567890123456789012345678901234567890123456789012 | {workloadTemplate: {size: 2, workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | more than 51 characters
          Service | s234567890123456789012345678901234567890123456789012 | {workloadTemplate: {size: 1, workerTemplate: {spec: {containers: [{name: model-runner}]}}}} |
          Playground | p23456789012345678901234567890123456789012345678901234567890 | {modelClaim: {modelName: m}} |
          """)
  void object_nameThatNoReplicaComesOf_isTakenWithAWarning(
      String kind, String name, String spec, @Nullable String warning) {
    // A policy is at work a moment after it is stored.
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          List<String> warnings = warnings(kind, name, spec);
          if (warning == null) {
            assertThat(warnings).noneMatch(text -> text.contains("metadata.name"));
          } else {
            assertThat(warnings)
                .anyMatch(text ->
                    text.startsWith(
                            "299 - \"Validation failed for ValidatingAdmissionPolicy"
                                + " 'names.inference.llmaz.io'")
                        && text.contains(warning));
          }
        });
  }

  /** Of an object that is taken. */
  private List<String> warnings(String kind, String name, String spec) {
    HttpClient http = client().getHttpClient();
    HttpResponse<String> answer =
        http.sendAsync(
                http.newHttpRequestBuilder()
                    .uri(
                        client().getMasterUrl().toString().replaceFirst("/$", "")
                            + PATHS.get(kind)
                            + "?dryRun=All")
                    .post("application/json", object(kind, name, spec).toString())
                    .build(),
                String.class)
            .join();
    assertThat(answer.code()).as(answer.body()).isEqualTo(201);
    return answer.headers("Warning");
  }

  @Test
  void service_updatedWithoutRunner_isTakenAsByLlmaz() {
    update("Service", WRONG.get("Service"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 1000,
      textBlock =
          """
          OpenModel | {familyName: f, source: {modelHub: {modelID: a/b}}} | {ownedBy: llmaz, source: {modelHub: {name: Huggingface, revision: main}}}
          Playground | {modelClaims: {models: [{name: m}]}, backendRuntimeConfig: {}, elasticConfig: {maxReplicas: 2}} | {replicas: 1, modelClaims: {models: [{role: main}]}, backendRuntimeConfig: {backendName: vllm}, elasticConfig: {minReplicas: 1}}
          Service | {modelClaims: {models: [{name: m}]}, workloadTemplate: {subGroupPolicy: {}, workerTemplate: {spec: {containers: [{name: model-runner}]}}}} | {replicas: 1, modelClaims: {models: [{role: main}]}, rolloutStrategy: {type: RollingUpdate, rollingUpdateConfiguration: {maxUnavailable: 1, maxSurge: 0}}, workloadTemplate: {size: 1, restartPolicy: RecreateGroupOnPodRestart, subGroupPolicy: {subGroupPolicyType: LeaderWorker}}}
          """)
  void object_created_hasTheDefaultsOfLlmaz(String kind, String spec, String defaults) {
    JsonNode created = create(kind, "x", spec).path("spec");
    JsonNode wanted = json(defaults);

    assertThat(contains(created, wanted)).as("%s in %s", wanted, created).isTrue();
  }

  @Test
  void object_wrongBeforeThePolicy_canStillBeLabelledAndDeleted() {
    String wrong = WRONG.get("OpenModel");
    client().raw(BINDINGS + "/openmodels.llmaz.io", "DELETE", "{}");
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> taken("OpenModel", wrong));
      client().raw(PATHS.get("OpenModel"), "POST", object("OpenModel", "old", wrong).toString());
    } finally {
      byte[] yaml = Policies.yaml("openmodels.llmaz.io").getBytes(StandardCharsets.UTF_8);
      client().load(new ByteArrayInputStream(yaml)).forceConflicts().serverSideApply();
    }
    Awaitility.await().atMost(PATIENCE).until(() -> !taken("OpenModel", wrong));

    OpenModel labelled =
        client()
            .resources(OpenModel.class)
            .withName("old")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

    assertThat(labelled.getMetadata().getLabels()).containsEntry("a", "b");
    assertThat(client().resources(OpenModel.class).withName("old").delete()).isNotEmpty();
  }

  private static void check(@Nullable String refusal, Runnable change) {
    if (refusal == null) {
      change.run();
      return;
    }
    assertThatThrownBy(change::run)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getMessage()).contains(refusal);
              assertThat(e.getCode()).isEqualTo(422);
            });
  }

  private boolean taken(String kind, String spec) {
    try {
      create(kind, "x", spec);
      return true;
    } catch (KubernetesClientException refused) {
      return false;
    }
  }

  private JsonNode create(String kind, String name, String spec) {
    return json(
        client().raw(PATHS.get(kind) + "?dryRun=All", "POST", object(kind, name, spec).toString()));
  }

  private void update(String kind, String spec) {
    String path = PATHS.get(kind) + "/" + BASE;
    JsonNode live = json(client().raw(path));
    ObjectNode changed = object(kind, BASE, spec);
    changed
        .withObject("metadata")
        .set("resourceVersion", live.path("metadata").path("resourceVersion"));
    client().raw(path + "?dryRun=All", "PUT", changed.toString());
  }

  private static ObjectNode object(String kind, String name, String spec) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    String group = kind.equals("OpenModel") ? "llmaz.io" : "inference.llmaz.io";
    object.put("apiVersion", group + "/v1alpha1").put("kind", kind);
    object.putObject("metadata").put("name", name);
    object.set("spec", json(spec));
    return object;
  }

  private static JsonNode json(String text) {
    // A line of YAML before, as fabric8 takes what begins with a brace for JSON.
    return Serialization.unmarshal("---\n" + text, JsonNode.class);
  }

  /** Whether everything that is wanted is there. */
  private static boolean contains(JsonNode actual, JsonNode wanted) {
    if (wanted.isArray()) {
      for (int i = 0; i < wanted.size(); i++) {
        if (!contains(actual.path(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    return wanted.isObject()
        ? wanted.properties().stream()
            .allMatch(field -> contains(actual.path(field.getKey()), field.getValue()))
        : wanted.equals(actual);
  }
}
