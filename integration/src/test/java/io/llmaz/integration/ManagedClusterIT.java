package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.llmaz.api.Conditions;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.api.p2p.P2PTaskStatus.NodeCount;
import io.llmaz.operator.Operator;
import io.llmaz.operator.config.OperatorConfig;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.DragonflyManager;
import io.llmaz.parts.DragonflyScheduler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task through Dragonfly's own manager: the operator knows that alone of Dragonfly, and the
 * daemons of the nodes. The manager looks at a job after half a minute.
 */
@EnabledIf("installed")
final class ManagedClusterIT {
  private static final String TASK =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: P2PTask
      metadata: {name: managed}
      spec:
        model: {source: {modelHub: {modelID: a/b}}}
      """;

  static boolean installed() {
    return DragonflyManager.installed() && DragonflyScheduler.installed() && Dfdaemon.installed();
  }

  @Test
  void task_managerAlone_fillsASeedThenTheNodeAndTheSourceGaveEachByteOnce(@TempDir Path directory)
      throws Exception {
    try (EmbeddedApi api = new EmbeddedApi();
        TestingFileGateway gateway = new TestingFileGateway(5 << 20, 700_000, 1000);
        DragonflyManager manager = new DragonflyManager(directory);
        DragonflyScheduler scheduler = DragonflyScheduler.managed(directory, manager);
        Dfdaemon seed = new Dfdaemon(directory, "seed-a", true, scheduler.port());
        Dfdaemon daemon = new Dfdaemon(directory, "node-b", false, scheduler.port())) {
      Path token = Files.writeString(directory.resolve("token"), DragonflyManager.TOKEN);
      TestingApi.globalConfig(
          api.client(),
          "p2p: {enabled: true, gateway: '%s', manager: {address: '%s', token-file: '%s'}, upload-port: %d, prefetch: {node-selector: {}}}"
              .formatted(gateway.address(), manager.address(), token, daemon.uploadPort()));
      api.client().resource(node()).create();
      api.client().nodes().resource(node()).updateStatus();
      try (Operator operator = operator(api, token)) {
        operator.start();
        api.apply(TASK);

        Awaitility.await()
            .atMost(Duration.ofMinutes(4))
            .untilAsserted(() -> assertThat(status(api).nodes()).isEqualTo(new NodeCount(1, 1)));

        P2PTaskStatus status = status(api);
        assertThat(Conditions.find(status.conditions(), P2PTaskConditions.READY))
            .map(Condition::getReason)
            .contains("Distributed");
        assertThat(status.progress()).isEqualTo("100%");
        assertThat(gateway.given()).isEqualTo(gateway.size());
        assertThat(status.toString()).doesNotContain(DragonflyManager.TOKEN);
      }
    }
  }

  private static P2PTaskStatus status(EmbeddedApi api) {
    P2PTask task = api.client().resources(P2PTask.class).withName("managed").get();
    return task.getStatus() == null ? P2PTaskStatus.empty() : task.getStatus();
  }

  private static Operator operator(EmbeddedApi api, Path gatewayToken) {
    return new Operator(
        api.client(),
        new OperatorConfig(
            "llmaz-system",
            0,
            0,
            "127.0.0.1",
            false,
            gatewayToken,
            4,
            1 << 30,
            4,
            Duration.ofHours(1)),
        "test",
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }

  private static Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("node-b")
        .endMetadata()
        .withNewStatus()
        .addNewAddress("127.0.0.1", "InternalIP")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .withNewNodeInfo()
        .withBootID("boot-1")
        .endNodeInfo()
        .endStatus()
        .build();
  }
}
