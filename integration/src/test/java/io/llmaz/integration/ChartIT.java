package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.Crds;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.model.OpenModel;
import io.llmaz.parts.FreePorts;
import io.llmaz.parts.KubeApiServer;
import io.llmaz.parts.KubeControllerManager;
import io.llmaz.parts.Tools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart, by the real Helm on a real API server with its controllers; and the programs that it
 * installs, each as a process with the rights that the chart gives it and no others.
 */
@EnabledIf("installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChartIT {
  private static final String NAMESPACE = "llmaz-system";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OBJECTS =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: OpenModel
      metadata: {name: m}
      spec: {familyName: f, source: {modelHub: {modelID: org/name}}}
      ---
      apiVersion: inference.llmaz.io/v1alpha1
      kind: Playground
      metadata: {name: p, namespace: default}
      spec: {modelClaim: {modelName: m}, elasticConfig: {minReplicas: 1, maxReplicas: 3, scaleTrigger: {hpa: {metrics: [
        {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}}}}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> started = new ArrayList<>();
  private Path directory;
  private KubeApiServer server;
  private KubeControllerManager controllers;
  private KubernetesClient client;

  static boolean installed() {
    return KubeControllerManager.installed() && Tools.installed("helm", "kubectl");
  }

  @BeforeAll
  void startServer(@TempDir Path directory) throws IOException {
    this.directory = directory;
    server = new KubeApiServer(directory);
    controllers = new KubeControllerManager(directory, server);
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(server.kubeconfig())))
            .build();
  }

  @AfterAll
  void stopServer() {
    client.close();
    controllers.close();
    server.close();
    http.close();
  }

  @BeforeEach
  void install() throws Exception {
    helm(0, "install", "llmaz", chart(), "--create-namespace");
  }

  @AfterEach
  void uninstall() throws Exception {
    for (Process process : started) {
      assertThat(Program.stop(process)).as("stops when it is asked to").isTrue();
    }
    started.clear();
    helm(0, "uninstall", "llmaz", "--wait");
    client.resources(BackendRuntime.class).delete();
  }

  @Test
  void operator_withTheRightsOfTheChart_makesWorkloads() throws Exception {
    startOperator("true");

    client
        .load(new ByteArrayInputStream(OBJECTS.getBytes(StandardCharsets.UTF_8)))
        .serverSideApply();

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(client.apps().deployments().inNamespace("default").withName("p").get())
              .as(log("operator"))
              .isNotNull();
          assertThat(client.services().inNamespace("default").withName("p-lb").get()).isNotNull();
          assertThat(
                  client
                      .autoscaling()
                      .v2()
                      .horizontalPodAutoscalers()
                      .inNamespace("default")
                      .list()
                      .getItems())
              .isNotEmpty();
        });
    assertThat(log("operator")).doesNotContain("Forbidden", "forbidden");
    assertThat(
            client.leases().inNamespace(NAMESPACE).withName(io.llmaz.operator.Operator.LEASE).get())
        .isNotNull();
    assertThat(client.events().v1().events().inNamespace("default").list().getItems())
        .as("events of the Playground")
        .isNotEmpty();
    client.load(new ByteArrayInputStream(OBJECTS.getBytes(StandardCharsets.UTF_8))).delete();
  }

  @Test
  void operator_metrics_areAllThatTheDocumentNames() throws Exception {
    int metrics = startOperator("false");
    client
        .load(new ByteArrayInputStream(OBJECTS.getBytes(StandardCharsets.UTF_8)))
        .serverSideApply();

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          String scraped = get(metrics, "/metrics", "").body();
          // Nothing failed here.
          assertThat(Metrics.documented("Operator"))
              .filteredOn(name -> !name.equals("reconciliations_failure_total"))
              .hasSizeGreaterThan(5)
              .allSatisfy(name -> assertThat(scraped).contains(name));
          assertThat(scraped)
              .contains(
                  "controller_name=\"playground\"",
                  "llmaz_operator_objects{condition=\"Progressing\",kind=\"Playground\"");
        });
    client.load(new ByteArrayInputStream(OBJECTS.getBytes(StandardCharsets.UTF_8))).delete();
  }

  @Test
  void operator_definitionsOfAnOlderVersion_bringsThemUp() throws Exception {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("p2ptasks.llmaz.io")
        .edit(crd -> {
          crd.getSpec().getVersions().getFirst().setAdditionalPrinterColumns(List.of());
          return crd;
        });

    startOperator("true");

    CustomResourceDefinition stored =
        client.apiextensions().v1().customResourceDefinitions().withName("p2ptasks.llmaz.io").get();
    assertThat(stored.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
        .isNotEmpty();
  }

  @Test
  void gateway_withTheRightsOfTheChart_knowsItsCallers() throws Exception {
    assumeTrue(Program.packaged("gateway"), "the gateway is not packaged");
    int port = FreePorts.of(1).getFirst();
    started.add(
        Program.start(
            "gateway",
            directory.resolve("gateway.log"),
            Map.of(
                "KUBECONFIG",
                kubeconfigOf("llmaz-gateway").toString(),
                "POD_NAMESPACE",
                NAMESPACE,
                "LLMAZ_GATEWAY_REPLICA",
                "127.0.0.1",
                "LLMAZ_GATEWAY_LISTEN",
                "127.0.0.1:" + port)));
    awaitReady(port, "gateway");

    assertThat(get(port, "/v1/tasks/none/manifest", tokenOf("llmaz-operator")).statusCode())
        .as(log("gateway"))
        .isEqualTo(404);
    assertThat(get(port, "/v1/tasks/none/manifest", "nobody's").statusCode()).isEqualTo(401);
    assertThat(get(port, "/v1/tasks/none/usage", tokenOf("llmaz-operator")).statusCode())
        .isEqualTo(200);
    assertThat(log("gateway")).doesNotContain("replicas of Service llmaz-gateway are not known");
  }

  @Test
  void upgrade_thenRollback_configurationFollows() throws Exception {
    helm(
        0,
        "upgrade",
        "llmaz",
        chart(),
        "--set",
        "p2p.enabled=true,p2p.scheduler=scheduler.dragonfly:8002");
    assertThat(configuration())
        .contains("enabled: true", "scheduler: \"scheduler.dragonfly:8002\"");

    helm(0, "rollback", "llmaz", "1");

    assertThat(configuration()).contains("enabled: false").doesNotContain("8002");
  }

  @Test
  void upgrade_ourScheduler_isInstalledAndAsked_andGoesAgain() throws Exception {
    helm(0, "upgrade", "llmaz", chart(), "--set", "p2p.enabled=true,scheduler.kind=llmaz");

    assertThat(configuration()).contains("scheduler: \"llmaz-scheduler.llmaz-system.svc:8002\"");
    Container scheduler =
        schedulerDeployment()
            .require()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst();
    assertThat(scheduler.getImage()).isEqualTo("ghcr.io/llmaz-java/llmaz-scheduler:0.1.0");
    assertThat(
            client
                .services()
                .inNamespace(NAMESPACE)
                .withName("llmaz-scheduler")
                .require()
                .getSpec()
                .getPorts())
        .extracting(ServicePort::getPort)
        .containsExactly(8002, 8000);

    helm(0, "upgrade", "llmaz", chart(), "--reset-values");

    assertThat(schedulerDeployment().get()).isNull();
  }

  @Test
  void policies_ofTheChart_refuseWrongObjectsUntilSwitchedOff() throws Exception {
    OpenModel wrong =
        Serialization.unmarshal(
            """
            apiVersion: llmaz.io/v1alpha1
            kind: OpenModel
            metadata: {name: wrong}
            spec: {familyName: f, source: {}}
            """,
            OpenModel.class);
    // A policy is at work a moment after it is stored.
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThatThrownBy(() -> client.resource(wrong).dryRun().create())
                .hasMessageContaining("spec.source: Forbidden: Source can't be all null"));

    helm(0, "upgrade", "llmaz", chart(), "--set", "admissionPolicies.enabled=false");

    assertThat(client.resources(ValidatingAdmissionPolicy.class).list().getItems()).isEmpty();
    assertThat(client.resources(ValidatingAdmissionPolicyBinding.class).list().getItems())
        .isEmpty();
  }

  @Test
  void uninstall_definitionsAndTheirObjects_stay() throws Exception {
    helm(0, "upgrade", "llmaz", chart(), "--set", "backends.enabled=false");

    assertThat(client.resources(BackendRuntime.class).list().getItems()).isEmpty();
    for (String name : Crds.NAMES) {
      assertThat(client.apiextensions().v1().customResourceDefinitions().withName(name).get())
          .isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p2p.enabled=true,p2p.seeds={seed.dragonfly:4000}",
        "p2p.enabled=true,p2p.scheduler=s:8002,p2p.tls.secret=client,p2p.tls.serverName=dfdaemon",
        "p2p.enabled=true,p2p.scheduler=s:8002,p2p.prefetch.enabled=true,p2p.prefetch.nodeSelector.pool=gpu",
        "p2p.enabled=true,p2p.manager.address=http://m:8080,p2p.manager.tokenSecret=pat,p2p.manager.schedulerClusters={1}",
        "operator.replicas=1,gateway.replicas=1,gateway.spool.size=",
        "gateway.spool.size=500Gi",
        "networkPolicy.enabled=false,podDisruptionBudget.enabled=false",
        "backends.overrides.vllm.image=mirror/vllm,backends.overrides.vllm.version=v9",
        "crds.upgrade=false,modelReaders=null",
        "scheduler.kind=llmaz,scheduler.clusterIP=10.0.0.77,scheduler.env.LLMAZ_SCHEDULER_GRACE=PT5S",
        "nodeSetup.enabled=true,nodeSetup.registries={ghcr.io,docker.io}",
        "grafanaDashboard.enabled=true,grafanaDashboard.labels.team=ml",
        "gateway.env.HF_ENDPOINT=http://mirror,operator.env.LLMAZ_CONCURRENT_FILES=4"
      })
  void upgrade_documentedValues_isAccepted(String values) throws Exception {
    helm(0, "upgrade", "llmaz", chart(), "--dry-run=server", "--set", values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p2p.enabled=true | p2p.enabled needs p2p.scheduler or p2p.seeds",
        "p2p.scheduler=nonsense | p2p.scheduler",
        "gateway.spool.size=much | gateway.spool.size",
        "p2p.prefetch.selector=gpu | p2p.prefetch",
        "p2p.tls.directory=/here | p2p.tls",
        "p2p.enabled=true,p2p.manager.address=http://m:8080 | p2p.manager.address needs p2p.manager.tokenSecret",
        "p2p.manager.address=m:8080 | p2p.manager",
        "p2p.manager.address=http://m,p2p.manager.tokenSecret=pat,scheduler.kind=llmaz | p2p.manager needs scheduler.kind dragonfly",
        "backends.overrides.vlm.image=a | backends.overrides.vlm: no built-in backend",
        "operator.replicas=0 | operator.replicas",
        "scheduler.kind=mine | scheduler.kind",
        "nodeSetup.registries={} | nodeSetup.registries",
        "nodeSetup.containerdDirectory=here | nodeSetup.containerdDirectory",
        "grafanaDashboard.labels=x | grafanaDashboard.labels",
        "prometheusRule.enable=true | prometheusRule",
        "typo=1 | typo"
      })
  void upgrade_wrongValues_saysWhichAndChangesNothing(String values, String message)
      throws Exception {
    String before = configuration();

    assertThat(helm(1, "upgrade", "llmaz", chart(), "--set", values)).contains(message);

    assertThat(configuration()).isEqualTo(before);
  }

  @Test
  void template_monitoringSwitchedOn_rendersDashboardAndAlertsWhole() throws Exception {
    Map<String, JsonNode> objects =
        Helm.template(
            Helm.CHART,
            directory.resolve("rendered"),
            "--set=grafanaDashboard.enabled=true,prometheusRule.enabled=true",
            "--set=prometheusRule.labels.release=prometheus");

    JsonNode rule = objects.get("PrometheusRule llmaz");
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    assertThat(rule.path("spec"))
        .isEqualTo(new YAMLMapper().readTree(Files.readString(Metrics.ALERTS)));
    JsonNode dashboard = objects.get("ConfigMap llmaz-dashboard");
    assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    assertThat(new ObjectMapper().readTree(dashboard.at("/data/llmaz.json").asText()))
        .isEqualTo(new ObjectMapper().readTree(Files.readString(Metrics.DASHBOARD)));
  }

  @Test
  void lint_asItIs_findsNothing() throws Exception {
    assertThat(helm(0, "lint", chart(), "--strict")).contains("0 chart(s) failed");
  }

  /** Starts it and says where its metrics are. */
  private int startOperator(String leaderElection) throws Exception {
    assumeTrue(Program.packaged("operator"), "the operator is not packaged");
    List<Integer> ports = FreePorts.of(2);
    started.add(
        Program.start(
            "operator",
            directory.resolve("operator.log"),
            Map.of(
                "KUBECONFIG",
                kubeconfigOf("llmaz-operator").toString(),
                "LLMAZ_NAMESPACE",
                NAMESPACE,
                "LLMAZ_BIND_ADDRESS",
                "127.0.0.1",
                "LLMAZ_HEALTH_PORT",
                ports.getFirst().toString(),
                "LLMAZ_METRICS_PORT",
                ports.getLast().toString(),
                "LLMAZ_LEADER_ELECTION",
                leaderElection,
                "LLMAZ_UPGRADE_CRDS",
                "true")));
    awaitReady(ports.getFirst(), "operator");
    return ports.getLast();
  }

  private void awaitReady(int port, String program) throws IOException {
    try {
      Awaitility.await(program)
          .atMost(PATIENCE)
          .until(() -> !started.getLast().isAlive() || isReady(port));
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException(program + " is not ready: " + log(program), e);
    }
    if (!started.getLast().isAlive()) {
      throw new IllegalStateException(program + " ended: " + log(program));
    }
  }

  private boolean isReady(int port) throws Exception {
    try {
      return get(port, "/readyz", "").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(int port, String path, String token)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  private String log(String program) throws IOException {
    return Files.readString(directory.resolve(program + ".log"));
  }

  private Resource<Deployment> schedulerDeployment() {
    return client.apps().deployments().inNamespace(NAMESPACE).withName("llmaz-scheduler");
  }

  private String configuration() {
    return client
        .configMaps()
        .inNamespace(NAMESPACE)
        .withName("llmaz-global-config")
        .require()
        .getData()
        .get("config.data");
  }

  private Path kubeconfigOf(String account) throws Exception {
    return Files.writeString(
        directory.resolve(account + ".kubeconfig"),
        Files.readString(server.kubeconfig()).replace(server.token(), tokenOf(account)));
  }

  private String tokenOf(String account) throws Exception {
    Program.End end =
        Program.run(
            List.of(
                "kubectl",
                "--kubeconfig=" + server.kubeconfig(),
                "--namespace=" + NAMESPACE,
                "create",
                "token",
                account));
    assertThat(end.status()).as(end.output()).isZero();
    return end.output().strip();
  }

  private static String chart() {
    return Helm.CHART.toString();
  }

  private String helm(int status, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig=" + server.kubeconfig(), "--namespace=" + NAMESPACE));
    return Helm.run(status, all);
  }
}
