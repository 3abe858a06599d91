package io.llmaz.integration;

import static io.llmaz.integration.GateUnderChangeIT.BACKEND;
import static io.llmaz.integration.GateUnderChangeIT.MODEL;
import static io.llmaz.integration.GateUnderChangeIT.await;
import static io.llmaz.integration.GateUnderChangeIT.playground;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.api.Names;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.p2p.P2PTask;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** How long images' tasks are kept, on a real API server with Kubernetes' own controllers. */
@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
final class ImageTaskIT {
  private static final String IMAGE_TASK = Names.imageTask("a/b:v1", List.of());

  private final TestingApi api = TestingApi.shared();
  private final TestingGateway gateway = new TestingGateway();
  private TestingOperator operator;

  @BeforeEach
  void start() {
    api.p2pOn(gateway);
    operator = TestingOperator.start(api);
  }

  @AfterEach
  void stop() {
    operator.close();
    api.clean();
    gateway.close();
  }

  @Test
  void imageTask_ofPlaygroundsOneByOneGone_isKeptUntilTheLastAndThenItsTime() {
    api.apply(
        MODEL
            + "---\n"
            + BACKEND
            + "---\n"
            + playground("p", "")
            + "---\n"
            + playground("q", "").replace("modelName: m", "modelName: late"));
    await().untilAsserted(() -> assertThat(task().getStatus().completionTime()).isNotNull());
    api.merge(P2PTask.class, IMAGE_TASK, "{\"spec\":{\"ttlSecondsAfterFinished\":1}}");

    remove("p");

    // The other one still waits for its model, and will want the image then.
    await().during(Duration.ofSeconds(4)).untilAsserted(() -> assertThat(task()).isNotNull());
    remove("q");
    await().untilAsserted(() -> assertThat(task()).isNull());
  }

  private void remove(String name) {
    var playground = api.client().resources(Playground.class).inNamespace("default").withName(name);
    playground.delete();
    await().until(() -> playground.get() == null && GateUnderChangeIT.service(api, name) == null);
  }

  private P2PTask task() {
    return api.client().resources(P2PTask.class).withName(IMAGE_TASK).get();
  }
}
