package io.llmaz.integration;

import static io.llmaz.integration.GateUnderChangeIT.BACKEND;
import static io.llmaz.integration.GateUnderChangeIT.MODEL;
import static io.llmaz.integration.GateUnderChangeIT.await;
import static io.llmaz.integration.GateUnderChangeIT.playground;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.llmaz.api.Names;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.parts.FreePorts;
import io.llmaz.parts.KubeApiServer;
import io.llmaz.parts.KubeControllerManager;
import io.llmaz.parts.Tools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator's rights in the chart beside what it really asks for, while it does all it can: the
 * operator is a process with the chart's service account, and the API server writes down what it
 * decides on.
 */
@EnabledIf("installed")
final class RightsIT {
  private static final String NAMESPACE = ChartRights.NAMESPACE;
  private static final String ACCOUNT = "llmaz-operator";

  /** What is asked about, by an admission plugin for {@code blockOwnerDeletion} and by the SDK. */
  private static final Set<String> WITHOUT_A_CALL =
      Set.of(
          "update llmaz.io/openmodels/finalizers",
          "update inference.llmaz.io/playgrounds/finalizers",
          "update inference.llmaz.io/services/finalizers",
          "delete /configmaps",
          // JOSDK asks whether it might, before it starts.
          "update coordination.k8s.io/leases");

  private KubernetesClient client;

  static boolean installed() {
    return KubeControllerManager.installed() && Tools.installed("helm");
  }

  @Test
  void rightsOfTheChart_besideWhatTheOperatorCalled_areExactlyThose(@TempDir Path directory)
      throws Exception {
    assumeTrue(Program.packaged("operator"), "the operator is not packaged");
    AuditLog audit = new AuditLog(directory, ChartRights.user(ACCOUNT));
    Set<String> rules;
    List<String> flags = new ArrayList<>(audit.flags());
    // As on OpenShift: whoever blocks an owner's deletion must have a right to it.
    flags.add("--enable-admission-plugins=OwnerReferencesPermissionEnforcement");
    try (KubeApiServer server = new KubeApiServer(directory, flags);
        KubeControllerManager controllers = new KubeControllerManager(directory, server);
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(server.kubeconfig())))
                .build();
        TestingGateway gateway = new TestingGateway()) {
      this.client = client;
      ChartRights rights = new ChartRights(server, client, ACCOUNT);
      rights.install("backends.enabled=false,p2p.enabled=true,p2p.seeds={127.0.0.1:9}");
      rules = rights.rules();
      configure(gateway);
      Process operator = start(directory, rights);
      try {
        doEverything();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(Files.readString(directory.resolve("operator.log")), e);
      } finally {
        assertThat(Program.stop(operator)).isTrue();
      }
    }

    ChartRights.compare(rules, audit, WITHOUT_A_CALL);
  }

  private void doEverything() {
    apply(WorkloadIT.LEADER_WORKER_SET);
    apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", WorkloadIT.elastic(3)));
    await().until(() -> autoscaler() != null && deployment("p"));
    merge(Playground.class, "p", "{\"spec\":{\"elasticConfig\":null}}");
    await().until(() -> autoscaler() == null);

    // Replicas alone, of what cannot be built any more.
    client.resources(OpenModel.class).withName("m").delete();
    merge(Playground.class, "p", "{\"spec\":{\"replicas\":2}}");
    await()
        .until(() ->
            client
                    .apps()
                    .deployments()
                    .inNamespace("default")
                    .withName("p")
                    .get()
                    .getSpec()
                    .getReplicas()
                == 2);
    apply(MODEL);

    apply(WorkloadIT.group(2));
    await().until(() -> groups() == 1);
    apply(WorkloadIT.group(1));
    await().until(() -> groups() == 0 && deployment("g"));
    apply(WorkloadIT.group(2));
    await().until(() -> groups() == 1 && !deployment("g"));

    // Files on nodes.
    apply(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: P2PTask
        metadata: {name: warm}
        spec: {model: {source: {modelHub: {modelID: a/b}}}, scope: AllNodes}
        """);
    await().until(() -> task("warm").getStatus().nodes() != null);

    // Another source: the task is made anew. Nobody's image: its task goes.
    await().until(() -> task(Names.modelTask("m")).getStatus().completionTime() != null);
    String first = task(Names.modelTask("m")).getMetadata().getUid();
    merge(OpenModel.class, "m", "{\"spec\":{\"source\":{\"modelHub\":{\"revision\":\"v2\"}}}}");
    await().until(() -> !task(Names.modelTask("m")).getMetadata().getUid().equals(first));
    String image = Names.imageTask("a/b:v1", List.of());
    merge(P2PTask.class, image, "{\"spec\":{\"ttlSecondsAfterFinished\":0}}");
    client.resources(Playground.class).inNamespace("default").delete();
    await().until(() -> task(image) == null);
    client.resources(InferenceService.class).inNamespace("default").delete();
  }

  private void configure(TestingGateway gateway) {
    client
        .configMaps()
        .inNamespace(NAMESPACE)
        .withName("llmaz-global-config")
        .edit(map -> {
          map.getData()
              .put(
                  "config.data",
                  "p2p: {enabled: true, gateway: '%s', seeds: ['127.0.0.1:9']}"
                      .formatted(gateway.address()));
          return map;
        });
  }

  private static Process start(Path directory, ChartRights rights) throws IOException {
    List<Integer> ports = FreePorts.of(2);
    return Program.start(
        "operator",
        directory.resolve("operator.log"),
        Map.of(
            "KUBECONFIG",
            rights.kubeconfig(directory).toString(),
            "LLMAZ_BIND_ADDRESS",
            "127.0.0.1",
            "LLMAZ_HEALTH_PORT",
            ports.getFirst().toString(),
            "LLMAZ_METRICS_PORT",
            ports.getLast().toString(),
            "LLMAZ_LEADER_ELECTION",
            "true",
            "LLMAZ_UPGRADE_CRDS",
            "true",
            "LLMAZ_GATEWAY_TOKEN_FILE",
            Files.writeString(directory.resolve("token"), "testing").toString()));
  }

  private void apply(String yaml) {
    client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).serverSideApply();
  }

  private <T extends HasMetadata> void merge(Class<T> kind, String name, String json) {
    PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);
    if (kind == Playground.class) {
      client.resources(kind).inNamespace("default").withName(name).patch(merge, json);
    } else {
      client.resources(kind).withName(name).patch(merge, json);
    }
  }

  private P2PTask task(String name) {
    return client.resources(P2PTask.class).withName(name).get();
  }

  private boolean deployment(String name) {
    return client.apps().deployments().inNamespace("default").withName(name).get() != null;
  }

  private HasMetadata autoscaler() {
    return client
        .autoscaling()
        .v2()
        .horizontalPodAutoscalers()
        .inNamespace("default")
        .withName("p")
        .get();
  }

  private int groups() {
    return client
        .genericKubernetesResources("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet")
        .inNamespace("default")
        .list()
        .getItems()
        .size();
  }
}
