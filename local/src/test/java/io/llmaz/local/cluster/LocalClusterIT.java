package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.llmaz.local.controlplane.ControlPlane;
import io.llmaz.local.controlplane.ControlPlaneConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments as processes, over the embedded control plane. */
class LocalClusterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path folder;
  private final int network = ThreadLocalRandom.current().nextInt(100, 250);
  private ControlPlane controlPlane;
  private KubernetesClient client;
  private LocalCluster cluster;

  @BeforeEach
  void start() throws IOException {
    controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()));
    client = new KubernetesClientBuilder().withConfig(controlPlane.clientConfig()).build();
    ImageProgram program =
        ImageProgram.ofJava(
            TestingProgram.class.getName(),
            List.of(
                Path.of(
                    URI.create(
                        TestingProgram.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()))),
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
            Map.of());
    cluster =
        LocalCluster.start(
            client, LocalClusterConfig.of(folder, LocalImages.none().with("program", program)));
    controlPlane.setPodLogs(cluster::copyLog);
    addNode(1);
    addNode(2);
  }

  private void addNode(int number) throws IOException {
    cluster.addNode(
        new LocalNodeConfig(
            "node-" + number,
            "127." + network + "." + number + ".1",
            OptionalInt.empty(),
            Map.of()));
  }

  @AfterEach
  void stop() {
    cluster.close();
    client.close();
    controlPlane.close();
    try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
      assertThat(
              children.filter(
                  child -> child.info().commandLine().orElse("").contains(folder.toString())))
          .as("processes that still run")
          .isEmpty();
    }
  }

  private void deploy(int replicas, String status) {
    controlPlane.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: server, namespace: default}
        spec:
          replicas: %d
          selector: {matchLabels: {app: server}}
          strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
          template:
            metadata: {labels: {app: server}}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
              - name: server
                image: program
                args: [serve, 0.0.0.0, "8080", "%s"]
                readinessProbe: {httpGet: {path: /health, port: 8080}, periodSeconds: 1}
        """
            .formatted(replicas, status));
  }

  private List<Pod> pods() {
    return client.pods().inNamespace("default").withLabel("app", "server").list().getItems();
  }

  private Deployment deployment() {
    return Objects.requireNonNull(
        client.apps().deployments().inNamespace("default").withName("server").get());
  }

  private void awaitReady(int replicas) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          var status = deployment().getStatus();
          return status != null
              && Objects.equals(
                  status.getObservedGeneration(), deployment().getMetadata().getGeneration())
              && Objects.equals(status.getReadyReplicas(), replicas)
              && Objects.equals(status.getUpdatedReplicas(), replicas)
              && Objects.equals(status.getReplicas(), replicas);
        });
  }

  @Test
  void deployment_applied_runsOnAllNodesAndFollowsItsScale() throws IOException {
    deploy(2, "200");
    awaitReady(2);

    assertThat(pods().stream().map(pod -> pod.getSpec().getNodeName()))
        .containsExactlyInAnyOrder("node-1", "node-2");
    assertThat(pods().stream().map(pod -> pod.getStatus().getPodIP()).collect(Collectors.toSet()))
        .hasSize(2);
    String name = pods().getFirst().getMetadata().getName();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    cluster.copyLog("default", name, "", false, log);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("serving on 127." + network);

    addNode(3);
    client.apps().deployments().inNamespace("default").withName("server").scale(3);
    awaitReady(3);
    assertThat(pods().stream().map(pod -> pod.getSpec().getNodeName())).contains("node-3");

    client.apps().deployments().inNamespace("default").withName("server").scale(1);
    awaitReady(1);
  }

  @Test
  void deployment_templateThatIsNeverReady_keepsTheOldPods() {
    deploy(1, "200");
    awaitReady(1);
    String before = pods().getFirst().getMetadata().getName();

    deploy(1, "503");
    await().atMost(PATIENCE).until(() -> pods().size() == 2);
    assertThat(deployment().getStatus().getAvailableReplicas()).isEqualTo(1);

    deploy(1, "204");
    awaitReady(1);
    assertThat(pods().getFirst().getMetadata().getName()).isNotEqualTo(before);
  }

  @Test
  void deployment_deleted_endsItsProcesses() {
    deploy(1, "200");
    awaitReady(1);

    client.apps().deployments().inNamespace("default").withName("server").delete();

    await().atMost(PATIENCE).until(() -> pods().isEmpty());
    await()
        .atMost(PATIENCE)
        .until(() -> {
          try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.noneMatch(
                child -> child.info().commandLine().orElse("").contains(folder.toString()));
          }
        });
  }
}
