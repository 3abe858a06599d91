package io.llmaz.integration;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.Crds;
import io.llmaz.api.Policies;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.parts.KubeApiServer;
import io.llmaz.parts.KubeControllerManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The real API server with Kubernetes' own controllers, one for all tests of the JVM, which run one
 * after another and leave nothing of ours behind ({@link #clean}).
 */
final class TestingApi {
  static final String NAMESPACE = "default";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("test")
          .withForce(true)
          .build();
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubeApiServer server;
  private final KubernetesClient client;

  private TestingApi() {
    try {
      Path directory = Files.createTempDirectory("llmaz-api");
      server = new KubeApiServer(directory);
      KubeControllerManager controllers = new KubeControllerManager(directory, server);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                controllers.close();
                server.close();
              }));
      client = new KubernetesClientBuilder().withConfig(config()).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Crds.NAMES.forEach(name -> apply(Crds.yaml(name)));
    Policies.NAMES.forEach(name -> apply(Policies.yaml(name)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() ->
            client.resources(CustomResourceDefinition.class).list().getItems().stream()
                .allMatch(crd ->
                    crd.getStatus().getConditions().stream()
                        .anyMatch(c ->
                            c.getType().equals("Established") && c.getStatus().equals("True"))));
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("llmaz-system").endMetadata().build())
        .create();
  }

  /** The one of this JVM. */
  static TestingApi shared() {
    return Holder.SHARED;
  }

  KubernetesClient client() {
    return client;
  }

  /** For another client. */
  Config config() {
    try {
      return Config.fromKubeconfig(Files.readString(server.kubeconfig()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void apply(String yaml) {
    for (HasMetadata object :
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items()) {
      client.resource(object).patch(APPLY);
    }
  }

  /** Switches P2P on, with a gateway that is not there: the test is the p2ptask-controller. */
  void p2pOn() {
    globalConfig("p2p: {enabled: true, gateway: 'http://127.0.0.1:9', seeds: ['127.0.0.1:9']}");
  }

  /** The same with a gateway. */
  void p2pOn(TestingGateway gateway) {
    globalConfig(
        "p2p: {enabled: true, gateway: '%s', seeds: ['127.0.0.1:9']}".formatted(gateway.address()));
  }

  void globalConfig(String text) {
    globalConfig(client, text);
  }

  /** Makes this the global configuration of any API server. */
  static void globalConfig(KubernetesClient client, String text) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("llmaz-global-config")
                .withNamespace("llmaz-system")
                .endMetadata()
                .addToData("config.data", text)
                .build())
        .patch(APPLY);
  }

  /** Says of a task what the p2ptask-controller would. */
  void completeTask(String task, String reason) {
    client
        .resources(P2PTask.class)
        .withName(task)
        .subresource("status")
        .patch(
            MERGE,
            Serialization.asJson(
                Map.of(
                    "status",
                    Map.of(
                        "conditions",
                        List.of(
                            Map.of(
                                "type", "Ready",
                                "status", "True",
                                "reason", reason,
                                "message", "m",
                                "lastTransitionTime", "2026-01-01T00:00:00Z"))))));
  }

  /** Edits an object as a user does. */
  <T extends HasMetadata> void merge(Class<T> kind, String name, String json) {
    if (kind == Playground.class) {
      client.resources(kind).inNamespace(NAMESPACE).withName(name).patch(MERGE, json);
    } else {
      client.resources(kind).withName(name).patch(MERGE, json);
    }
  }

  /** Plays the kubelet: all pods of a workload become ready. */
  void makePodsReady(String workload) {
    client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("leaderworkerset.sigs.k8s.io/name", workload)
        .list()
        .getItems()
        .forEach(pod ->
            client
                .resource(pod)
                .subresource("status")
                .patch(
                    MERGE,
                    "{\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\","
                        + "\"status\":\"True\"}]}}"));
  }

  /** Removes all that a test made; owned objects follow by the garbage collector. */
  void clean() {
    for (Class<? extends HasMetadata> kind : List.of(Playground.class, InferenceService.class)) {
      client.resources(kind).inAnyNamespace().delete();
    }
    for (Class<? extends HasMetadata> kind :
        List.of(OpenModel.class, BackendRuntime.class, P2PTask.class)) {
      client.resources(kind).delete();
    }
    client.configMaps().inNamespace("llmaz-system").withName("llmaz-global-config").delete();
    client.apps().deployments().inNamespace(NAMESPACE).delete();
    client.pods().inNamespace(NAMESPACE).withGracePeriod(0).delete();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            client.apps().deployments().inNamespace(NAMESPACE).list().getItems().isEmpty()
                && client
                    .resources(InferenceService.class)
                    .inAnyNamespace()
                    .list()
                    .getItems()
                    .isEmpty()
                && client.services().inNamespace(NAMESPACE).list().getItems().size() == 1);
  }

  private static final class Holder {
    static final TestingApi SHARED = new TestingApi();
  }
}
