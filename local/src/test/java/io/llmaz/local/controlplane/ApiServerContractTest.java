package io.llmaz.local.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What our operator, JOSDK and kubectl expect of an API server. {@code LLMAZ_TEST_KUBECONFIG} names
 * a real one instead, with our CRDs installed.
 */
final class ApiServerContractTest {
  private static @Nullable ControlPlane controlPlane;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    String real = System.getenv("LLMAZ_TEST_KUBECONFIG");
    if (real != null) {
      client =
          new KubernetesClientBuilder()
              .withConfig(Config.fromKubeconfig(new java.io.File(real)))
              .build();
    } else {
      controlPlane = TestingControlPlane.start();
      client = new KubernetesClientBuilder().withConfig(controlPlane.clientConfig()).build();
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  @AfterEach
  void clean() {
    client.configMaps().inNamespace("default").withLabel("test").delete();
    client.apps().deployments().inNamespace("default").withLabel("test").delete();
    client.resources(OpenModel.class).delete();
    client.resources(P2PTask.class).delete();
    client.resources(Playground.class).inNamespace("default").delete();
  }

  @Test
  void create_twice_isAConflictTheSecondTime() {
    client.resource(configMap("a", Map.of())).create();

    assertThatThrownBy(() -> client.resource(configMap("a", Map.of())).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists"));
  }

  @Test
  void create_nameToBeEndedByTheServer_mayEndInADashButInNoDot() {
    ConfigMap dash =
        new ConfigMapBuilder(configMap("a", Map.of()))
            .editMetadata()
            .withName(null)
            .withGenerateName("a-")
            .endMetadata()
            .build();
    ConfigMap dot =
        new ConfigMapBuilder(dash).editMetadata().withGenerateName("a.").endMetadata().build();

    assertThat(client.resource(dash).create().getMetadata().getName()).startsWith("a-");
    assertThatThrownBy(() -> client.resource(dot).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e ->
                assertThat(e.getStatus().getDetails().getCauses())
                    .singleElement()
                    .satisfies(
                        cause -> assertThat(cause.getField()).isEqualTo("metadata.generateName")));
  }

  @Test
  void update_withAnOldVersion_isAConflict() {
    ConfigMap first = client.resource(configMap("a", Map.of("k", "1"))).create();
    client.resource(new ConfigMapBuilder(first).addToData("k", "2").build()).update();

    assertThatThrownBy(
            () -> client.resource(new ConfigMapBuilder(first).addToData("k", "3").build()).update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void applyServerSide_twiceTheSame_keepsTheVersion() {
    ConfigMap first = apply("one", configMap("a", Map.of("k", "v")), false);

    ConfigMap second = apply("one", configMap("a", Map.of("k", "v")), false);

    assertThat(version(second)).isEqualTo(version(first));
  }

  @Test
  void applyServerSide_fieldNoLongerApplied_goes() {
    apply("one", configMap("a", Map.of("k", "v", "l", "w")), false);

    ConfigMap second = apply("one", configMap("a", Map.of("k", "v")), false);

    assertThat(second.getData()).isEqualTo(Map.of("k", "v"));
  }

  @Test
  void applyServerSide_fieldOfAnotherManager_conflictsUnlessForced() {
    apply("one", configMap("a", Map.of("k", "v")), false);

    assertThatThrownBy(() -> apply("two", configMap("a", Map.of("k", "x")), false))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e.getMessage()).contains("one").contains(".data.k");
            });
    assertThat(apply("two", configMap("a", Map.of("k", "x")), true).getData())
        .containsEntry("k", "x");
  }

  @Test
  void applyServerSide_twoManagersOnTwoFields_keepsBoth() {
    apply("one", configMap("a", Map.of("k", "v")), false);

    assertThat(apply("two", configMap("a", Map.of("l", "w")), false).getData())
        .isEqualTo(Map.of("k", "v", "l", "w"));
  }

  @Test
  void applyServerSide_containersByName_areMergedAndRemovedByName() {
    applyYaml("one", deployment("[{name: a, image: x:1}, {name: b, image: y:1}]"));

    Deployment after = applyYaml("one", deployment("[{name: b, image: y:2}]"));

    assertThat(after.getSpec().getTemplate().getSpec().getContainers())
        .singleElement()
        .satisfies(container -> assertThat(container.getImage()).isEqualTo("y:2"));
  }

  @Test
  void create_customResource_isDefaulted() {
    OpenModel created = client.resource(model("m", "modelHub: {modelID: a/b}")).create();

    assertThat(Serialization.asYaml(created)).containsPattern("revision: \"?main");
    assertThat(created.getSpec().ownedBy()).isEqualTo("llmaz");
  }

  @Test
  void create_customResourceAgainstItsSchema_isInvalidAndNamesTheField() {
    assertThatThrownBy(
            () -> client.resource(model("m", "modelHub: {modelID: a/b, name: Nowhere}")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(422);
              assertThat(e.getMessage())
                  .contains("spec.source.modelHub.name")
                  .contains("Unsupported value: \"Nowhere\"");
            });
  }

  @Test
  void create_p2pTaskWithModelAndImage_breaksItsRule() {
    assertThatThrownBy(() ->
            client
                .resource(task("{model: {source: {uri: 'oss://a.b/c'}}, image: {reference: x}}"))
                .create())
        .hasMessageContaining("exactly one of model and image must be set");
  }

  @Test
  void update_p2pTaskImage_isImmutableButItsTimeToLiveIsNot() {
    client.resource(task("{image: {reference: 'x:1'}}")).create();

    assertThatThrownBy(() -> mergePatch("{\"spec\":{\"image\":{\"reference\":\"x:2\"}}}"))
        .hasMessageContaining("spec.image is immutable");
    assertThat(
            mergePatch("{\"spec\":{\"ttlSecondsAfterFinished\":5}}")
                .getSpec()
                .ttlSecondsAfterFinished())
        .isEqualTo(5);
  }

  @Test
  void status_throughItsSubresource_changesNoGeneration() {
    OpenModel model = client.resource(model("m", "modelHub: {modelID: a/b}")).create();
    OpenModel withStatus = Serialization.clone(model);
    withStatus.setStatus(
        new io.llmaz.api.model.OpenModelStatus(
            io.llmaz.api.Conditions.with(
                List.of(), "Ready", true, "Ready", "m", 1, java.time.Instant.EPOCH)));

    OpenModel after = client.resource(withStatus).updateStatus();

    assertThat(after.getStatus().conditions()).hasSize(1);
    assertThat(after.getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void spec_changed_countsAGeneration() {
    client.resource(model("m", "modelHub: {modelID: a/b}")).create();

    OpenModel after =
        client.resource(model("m", "modelHub: {modelID: a/c}")).forceConflicts().serverSideApply();

    assertThat(after.getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void delete_withFinalizer_waitsForIt() {
    client
        .resource(
            new ConfigMapBuilder(configMap("a", Map.of()))
                .editMetadata()
                .addToFinalizers("test/hold")
                .endMetadata()
                .build())
        .create();
    client.configMaps().inNamespace("default").withName("a").delete();
    assertThat(get("a").getMetadata().getDeletionTimestamp()).isNotNull();

    client
        .configMaps()
        .inNamespace("default")
        .withName("a")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");

    assertThat(get("a")).isNull();
  }

  @Test
  void delete_anOwner_collectsWhatItOwns() {
    ownerAndOwned();

    delete(DeletionPropagation.BACKGROUND);

    Awaitility.await().untilAsserted(() -> assertThat(get("owned")).isNull());
  }

  @Test
  void delete_anOwnerInTheForeground_goesAfterWhatItOwns() {
    ownerAndOwned();

    delete(DeletionPropagation.FOREGROUND);

    Awaitility.await().untilAsserted(() -> assertThat(get("owner")).isNull());
    assertThat(get("owned")).isNull();
  }

  @Test
  void delete_anOwnerOrphaning_leavesWhatItOwns() {
    ownerAndOwned();

    delete(DeletionPropagation.ORPHAN);

    Awaitility.await().untilAsserted(() -> assertThat(get("owner")).isNull());
    assertThat(get("owned").getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void watch_ofAClientThatTriesWebSocketsFirst_tellsWhatComes() throws InterruptedException {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Config asByDefault =
        new ConfigBuilder(client.getConfiguration()).withOnlyHttpWatches(false).build();
    try (KubernetesClient other = new KubernetesClientBuilder().withConfig(asByDefault).build();
        SharedIndexInformer<ConfigMap> informer =
            other.configMaps().inNamespace("default").withLabel("test").inform()) {
      informer.addEventHandler(
          new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap added) {
              seen.add(added.getMetadata().getName());
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap after) {}

            @Override
            public void onDelete(ConfigMap deleted, boolean unknown) {}
          });

      client.resource(configMap("a", Map.of())).create();

      assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("a");
    }
  }

  @Test
  void watch_withALabelSelector_tellsWhatComesAndGoes() throws InterruptedException {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Watch watch =
        client
            .configMaps()
            .inNamespace("default")
            .withLabel("test")
            .watch(
                new Watcher<ConfigMap>() {
                  @Override
                  public void eventReceived(Action action, ConfigMap configMap) {
                    seen.add(action + " " + configMap.getMetadata().getName());
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                })) {
      client.resource(configMap("a", Map.of())).create();
      client.configMaps().inNamespace("default").withName("a").delete();

      assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("ADDED a");
      assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("DELETED a");
    }
  }

  @Test
  void scale_ofAPlayground_changesItsReplicas() {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: inference.llmaz.io/v1alpha1
                kind: Playground
                metadata: {name: p, namespace: default}
                spec: {modelClaim: {modelName: m}}
                """,
                Playground.class))
        .create();

    client.resources(Playground.class).inNamespace("default").withName("p").scale(3);

    assertThat(
            client
                .resources(Playground.class)
                .inNamespace("default")
                .withName("p")
                .get()
                .getSpec()
                .replicas())
        .isEqualTo(3);
  }

  private static void ownerAndOwned() {
    ConfigMap owner = client.resource(configMap("owner", Map.of())).create();
    client
        .resource(
            new ConfigMapBuilder(configMap("owned", Map.of()))
                .editMetadata()
                .addToOwnerReferences(
                    new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .withBlockOwnerDeletion(true)
                        .build())
                .endMetadata()
                .build())
        .create();
  }

  private static void delete(DeletionPropagation propagation) {
    client
        .configMaps()
        .inNamespace("default")
        .withName("owner")
        .withPropagationPolicy(propagation)
        .delete();
  }

  private static P2PTask mergePatch(String patch) {
    return client
        .resources(P2PTask.class)
        .withName("t")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private static ConfigMap apply(String manager, ConfigMap configMap, boolean force) {
    return client
        .resource(configMap)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build());
  }

  private static Deployment applyYaml(String manager, String yaml) {
    return client
        .resource(Serialization.unmarshal(yaml, Deployment.class))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(true)
                .build());
  }

  private static ConfigMap get(String name) {
    return client.configMaps().inNamespace("default").withName(name).get();
  }

  private static String version(ConfigMap configMap) {
    return configMap.getMetadata().getResourceVersion();
  }

  private static ConfigMap configMap(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .addToLabels("test", "true")
        .endMetadata()
        .withData(data)
        .build();
  }

  private static String deployment(String containers) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: d, namespace: default, labels: {test: "true"}}
    spec:
      replicas: 0
      selector: {matchLabels: {app: d}}
      template:
        metadata: {labels: {app: d}}
        spec: {containers: %s}
    """
        .formatted(containers);
  }

  private static OpenModel model(String name, String source) {
    return Serialization.unmarshal(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: OpenModel
        metadata: {name: %s}
        spec: {familyName: f, source: {%s}}
        """
            .formatted(name, source),
        OpenModel.class);
  }

  private static P2PTask task(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: P2PTask
        metadata: {name: t}
        spec: %s
        """
            .formatted(spec),
        P2PTask.class);
  }
}
