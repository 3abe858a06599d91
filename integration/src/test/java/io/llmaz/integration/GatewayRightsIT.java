package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.llmaz.api.Names;
import io.llmaz.local.hub.DemoHub;
import io.llmaz.local.hub.DemoHubConfig;
import io.llmaz.local.hub.DemoImage;
import io.llmaz.local.hub.ModelRepository;
import io.llmaz.parts.FreePorts;
import io.llmaz.parts.KubeApiServer;
import io.llmaz.parts.KubeControllerManager;
import io.llmaz.parts.Tools;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway's rights in the chart beside what it really asks for, while it does all it can; and
 * that node-setup has none.
 */
@EnabledIf("installed")
final class GatewayRightsIT {
  private static final String NAMESPACE = ChartRights.NAMESPACE;
  private static final String ACCOUNT = "llmaz-gateway";
  private static final String OBJECTS =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: OpenModel
      metadata: {name: m}
      spec: {familyName: f, source: {modelHub: {modelID: org/name}}}
      ---
      apiVersion: llmaz.io/v1alpha1
      kind: P2PTask
      metadata: {name: model-m}
      spec: {model: {source: {modelHub: {modelID: org/name}}}}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private URI gateway = URI.create("http://127.0.0.1");

  static boolean installed() {
    return KubeControllerManager.installed() && Tools.installed("helm");
  }

  @Test
  void rightsOfTheChart_besideWhatTheGatewayCalled_areExactlyThose(@TempDir Path directory)
      throws Exception {
    assumeTrue(Program.packaged("gateway"), "the gateway is not packaged");
    AuditLog audit = new AuditLog(directory, ChartRights.user(ACCOUNT));
    Set<String> rules;
    try (KubeApiServer server = new KubeApiServer(directory, audit.flags());
        KubeControllerManager controllers = new KubeControllerManager(directory, server);
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(server.kubeconfig())))
                .build();
        DemoHub hub = hub(directory)) {
      ChartRights rights = new ChartRights(server, client, ACCOUNT);
      rights.install("backends.enabled=false,nodeSetup.enabled=true");
      rules = rights.rules();
      assertNothing(client);
      secret(client);
      Process process = start(directory, rights, hub);
      try {
        doEverything(client, hub, rights.token("llmaz-operator"));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(Files.readString(directory.resolve("gateway.log")), e);
      } finally {
        assertThat(Program.stop(process)).isTrue();
      }
    }

    ChartRights.compare(rules, audit, Set.of());
  }

  /** Resolves a gated model and an image, gives links for the model, takes a report, sums up. */
  private void doEverything(KubernetesClient client, DemoHub hub, String token) throws Exception {
    HttpResponse<byte[]> resolved =
        send(token, "/v1/resolve", "{\"model\": {\"modelHub\": {\"modelID\": \"org/name\"}}}");
    Manifest manifest = ManifestJson.read(resolved.body());
    assertThat(manifest.files()).isNotEmpty();
    HttpResponse<byte[]> image =
        send(
            token,
            "/v1/resolve",
            "{\"image\": {\"reference\": \"%s/org/image:v1\"}}"
                .formatted(hub.registryAddress().getAuthority()));
    assertThat(ManifestJson.read(image.body()).files()).isNotEmpty();

    client
        .load(new ByteArrayInputStream(OBJECTS.getBytes(StandardCharsets.UTF_8)))
        .serverSideApply();
    keep(client, manifest);
    assertThat(
            new String(
                send(token, "/v1/tasks/model-m/manifest", null).body(), StandardCharsets.UTF_8))
        .contains("/v1/blobs/");
    send(
        token,
        "/v1/tasks/model-m/reports",
        "{\"type\": \"Normal\", \"reason\": \"Loaded\", \"message\": \"it is there\", \"instance\":"
            + " \"p\"}");
    assertThat(client.events().v1().events().inNamespace("default").list().getItems())
        .anyMatch(event -> event.getReason().equals("Loaded"));
    assertThat(send(token, "/v1/tasks/model-m/usage", null).statusCode()).isEqualTo(200);
  }

  /** As the operator keeps it. */
  private static void keep(KubernetesClient client, Manifest manifest) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.manifestConfigMap("model-m"))
                .withNamespace(NAMESPACE)
                .addToLabels("llmaz.io/p2ptask", "model-m")
                .endMetadata()
                .addToBinaryData(
                    "manifest.json.gz",
                    Base64.getEncoder().encodeToString(ManifestJson.writeGzip(manifest)))
                .build())
        .create();
  }

  /** It speaks to no API server, and has nothing to do so with. */
  private static void assertNothing(KubernetesClient client) {
    DaemonSet nodeSetup =
        client.apps().daemonSets().inNamespace(NAMESPACE).list().getItems().getFirst();
    var pod = nodeSetup.getSpec().getTemplate().getSpec();
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getServiceAccountName()).isNull();
    assertThat(pod.getVolumes()).noneMatch(volume -> volume.getProjected() != null);
  }

  private static void secret(KubernetesClient client) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("modelhub-secret")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToStringData("HF_TOKEN", "hf_testing")
                .build())
        .create();
  }

  private static DemoHub hub(Path directory) throws IOException {
    Path model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Path layer = Files.writeString(directory.resolve("layer"), "bytes");
    return DemoHub.start(
        DemoHubConfig.of(
            List.of(new ModelRepository("org/name", model, Optional.of("hf_testing"))),
            List.of(new DemoImage("org/image", "v1", List.of("sh"), List.of(Map.of("/f", layer)))),
            Files.createDirectories(directory.resolve("blobs"))));
  }

  private Process start(Path directory, ChartRights rights, DemoHub hub) throws IOException {
    int port = FreePorts.of(1).getFirst();
    gateway = URI.create("http://127.0.0.1:" + port);
    Process process =
        Program.start(
            "gateway",
            directory.resolve("gateway.log"),
            Map.of(
                "KUBECONFIG",
                rights.kubeconfig(directory).toString(),
                "POD_NAMESPACE",
                NAMESPACE,
                "LLMAZ_GATEWAY_LISTEN",
                gateway.getAuthority(),
                "LLMAZ_GATEWAY_REPLICA",
                "127.0.0.1",
                "HF_ENDPOINT",
                hub.hubAddress().toString(),
                "LLMAZ_INSECURE_REGISTRIES",
                hub.registryAddress().getAuthority()));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() ->
            http.send(
                        HttpRequest.newBuilder(gateway.resolve("/readyz")).build(),
                        BodyHandlers.discarding())
                    .statusCode()
                == 200);
    return process;
  }

  private HttpResponse<byte[]> send(
      String token, String path, @org.jspecify.annotations.Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(path)).header("Authorization", "Bearer " + token);
    HttpResponse<byte[]> answer =
        http.send(
            (body == null ? request.GET() : request.POST(BodyPublishers.ofString(body))).build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as(path + ": " + new String(answer.body(), StandardCharsets.UTF_8))
        .isBetween(200, 299);
    return answer;
  }
}
