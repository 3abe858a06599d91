package io.llmaz.integration;

import static io.llmaz.integration.GateUnderChangeIT.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.Conditions;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskStatus.NodeCount;
import io.llmaz.dragonfly.TaskIds;
import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.operator.Operator;
import io.llmaz.operator.config.OperatorConfig;
import io.llmaz.parts.FreePorts;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files on nodes before their pods: the operator, the embedded API server, and daemons of the
 * embedded engine as the cluster's nodes.
 */
final class NodePrefetchTest {
  private static final String TASK =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: P2PTask
      metadata: {name: warm}
      spec:
        model: {source: {modelHub: {modelID: a/b}}}
      """;
  private static final String ALL_NODES = "  scope: AllNodes\n  nodeSelector: {pool: gpu}\n";

  private final TestingFileGateway gateway = new TestingFileGateway(3 << 20, 700_000, 20_000, 1000);
  private final EmbeddedApi api = new EmbeddedApi();
  private int uploadPort;
  private final List<EngineNode> daemons = new ArrayList<>();
  private SchedulerServer scheduler;
  private EngineNode seed;
  private Operator operator;
  private Path directory;

  @BeforeEach
  void start(@TempDir Path work) throws IOException {
    directory = work;
    uploadPort = FreePorts.of(1).getFirst();
    scheduler =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    seed = daemon(200, EngineNodeConfig::asSeed);
    configure("");
    operator = operator();
  }

  @AfterEach
  void stop() {
    operator.close();
    api.close();
    daemons.forEach(EngineNode::close);
    scheduler.close();
    gateway.close();
  }

  @Test
  void allNodes_chosenByLabel_haveEveryFileAndTheSourceGaveItOnce() throws IOException {
    EngineNode first = node(1, "gpu");
    EngineNode second = node(2, "gpu");
    EngineNode other = node(3, "cpu");
    api.apply(TASK + ALL_NODES);

    awaitNodes(2, 2);
    assertThat(has(first)).isTrue();
    assertThat(has(second)).isTrue();
    assertThat(other.store().list()).isEmpty();
    assertThat(gateway.given()).isEqualTo(gateway.size());
    await().until(() -> events("NodesComplete") == 1);
  }

  @Test
  void allNodes_nodeJoinsAndLeaves_isFilledAndCounted() throws IOException {
    node(1, "gpu");
    api.apply(TASK + ALL_NODES);
    awaitNodes(1, 1);

    EngineNode late = node(2, "gpu");

    awaitNodes(2, 2);
    assertThat(has(late)).isTrue();
    client().nodes().withName("node-1").delete();
    awaitNodes(1, 1);
    assertThat(gateway.given()).isEqualTo(gateway.size());
  }

  @Test
  void allNodes_nodeBootsWithAnEmptyDisk_isFilledAgainFromPeers() throws IOException {
    node(1, "gpu");
    EngineNode loser = node(2, "gpu");
    api.apply(TASK + ALL_NODES);
    awaitNodes(2, 2);

    for (StoredTask task : loser.store().list()) {
      loser.store().delete(task.id());
    }
    client().nodes().resource(object(2, "gpu", "boot-2")).updateStatus();

    await().until(() -> has(loser));
    awaitNodes(2, 2);
    assertThat(gateway.given()).isEqualTo(gateway.size());
  }

  @Test
  void allNodes_seedLostItsDisk_getsTheFilesAgainForANodeThatJoins() throws IOException {
    api.apply(TASK + ALL_NODES);
    await().until(() -> task().getStatus().completionTime() != null);
    for (StoredTask task : seed.store().list()) {
      seed.store().delete(task.id());
    }
    daemons.remove(seed);
    seed.close();
    seed = daemon(200, EngineNodeConfig::asSeed);

    EngineNode late = node(1, "gpu");

    awaitNodes(1, 1);
    assertThat(has(late)).isTrue();
    assertThat(has(seed)).isTrue();
    assertThat(gateway.given()).isEqualTo(2 * gateway.size());
  }

  @Test
  void allNodes_nodeWithoutDaemon_isToldAndNobodyWaits() throws IOException {
    node(1, "gpu");
    client().resource(object(9, "gpu", "boot-1")).create();
    client().nodes().resource(object(9, "gpu", "boot-1")).updateStatus();
    api.apply(TASK + ALL_NODES);

    awaitNodes(2, 1);
    assertThat(Conditions.isTrue(task().getStatus().conditions(), P2PTaskConditions.READY))
        .isTrue();
    await().until(() -> events("NodeNotFilled") == 1);
  }

  @Test
  void allNodes_operatorStartsAgain_movesNothingAndTheStatusStays() throws IOException {
    node(1, "gpu");
    node(2, "gpu");
    api.apply(TASK + ALL_NODES);
    awaitNodes(2, 2);
    await().until(() -> task().getStatus().completionTime() != null);
    String version = task().getMetadata().getResourceVersion();
    long given = gateway.given();

    operator.close();
    operator = operator();
    // Proof that it looked: another node is filled.
    EngineNode late = node(3, "gpu");

    await().until(() -> has(late));
    awaitNodes(3, 3);
    assertThat(gateway.given()).isEqualTo(given);
    assertThat(Long.parseLong(task().getMetadata().getResourceVersion()))
        .isGreaterThan(Long.parseLong(version));
  }

  @Test
  void prefetch_setForTheCluster_holdsForATaskThatNamesNoNodes() throws IOException {
    EngineNode chosen = node(1, "gpu");
    api.apply(TASK);
    await().until(() -> task().getStatus().completionTime() != null);
    assertThat(task().getStatus().nodes()).isNull();

    configure(", prefetch: {node-selector: {pool: gpu}}");

    awaitNodes(1, 1);
    assertThat(has(chosen)).isTrue();
    configure("");
    await().until(() -> task().getStatus().nodes() == null);
  }

  private void awaitNodes(long total, long complete) {
    await()
        .untilAsserted(
            () -> assertThat(task().getStatus().nodes()).isEqualTo(new NodeCount(total, complete)));
  }

  private boolean has(EngineNode daemon) {
    return gateway.files().stream()
        .map(file -> TaskIds.ofContent(file.contentKey()))
        .allMatch(id -> daemon.store().find(id).filter(StoredTask::complete).isPresent());
  }

  private long events(String reason) {
    return client().resources(Event.class).inNamespace("default").list().getItems().stream()
        .filter(event -> event.getReason().equals(reason))
        .count();
  }

  private @Nullable P2PTask task() {
    return client().resources(P2PTask.class).withName("warm").get();
  }

  private KubernetesClient client() {
    return api.client();
  }

  private Operator operator() {
    try {
      Operator started =
          new Operator(
              client(),
              new OperatorConfig(
                  "llmaz-system",
                  0,
                  0,
                  "127.0.0.1",
                  false,
                  Files.writeString(directory.resolve("token"), "testing"),
                  4,
                  1 << 30,
                  4,
                  Duration.ofHours(1)),
              "test",
              new SimpleMeterRegistry(),
              Clock.systemUTC());
      started.start();
      return started;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void configure(String more) {
    TestingApi.globalConfig(
        client(),
        "p2p: {enabled: true, gateway: '%s', seeds: ['%s:%d'], upload-port: %d%s}"
            .formatted(gateway.address(), address(200), uploadPort, uploadPort, more));
  }

  private EngineNode node(int host, String pool) throws IOException {
    EngineNode daemon = daemon(host, UnaryOperator.identity());
    client().resource(object(host, pool, "boot-1")).create();
    client().nodes().resource(object(host, pool, "boot-1")).updateStatus();
    return daemon;
  }

  private EngineNode daemon(int host, UnaryOperator<EngineNodeConfig> change) throws IOException {
    EngineNode daemon =
        EngineNode.start(
            change.apply(
                EngineNodeConfig.at(
                        InetAddress.getByName(address(host)),
                        "node-" + host,
                        directory.resolve("node-" + host))
                    .withScheduler(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), scheduler.port()))
                    .withPieceLength(256 << 10)
                    .withPorts(uploadPort, 0, 0)));
    daemons.add(daemon);
    return daemon;
  }

  private static String address(int host) {
    return "127.84.9." + host;
  }

  private static Node object(int host, String pool, String boot) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("node-" + host)
        .withLabels(Map.of("pool", pool))
        .endMetadata()
        .withNewStatus()
        .addNewAddress(address(host), "InternalIP")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .withNewNodeInfo()
        .withBootID(boot)
        .endNodeInfo()
        .endStatus()
        .build();
  }
}
