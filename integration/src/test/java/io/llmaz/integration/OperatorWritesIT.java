package io.llmaz.integration;

import static io.llmaz.integration.GateUnderChangeIT.BACKEND;
import static io.llmaz.integration.GateUnderChangeIT.MODEL;
import static io.llmaz.integration.GateUnderChangeIT.await;
import static io.llmaz.integration.GateUnderChangeIT.playground;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.llmaz.api.Names;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.p2p.P2PTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.slf4j.LoggerFactory;

/** What the operator asks of the API server: how much, how often, and what when it dies between. */
@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
final class OperatorWritesIT {
  private static final int PLAYGROUNDS = 20;
  private static final List<String> TASKS =
      List.of(Names.modelTask("m"), Names.imageTask("a/b:v1", List.of()));

  private final TestingApi api = TestingApi.shared();

  @AfterEach
  void clean() {
    api.clean();
  }

  @Test
  void writes_fromPlaygroundToWorkload_areAtMostSixAndNothingIsReadTwice() {
    try (TestingOperator operator = TestingOperator.start(api)) {
      api.apply(MODEL + "---\n" + BACKEND);
      awaitQuiet(operator);
      operator.forget();

      IntStream.range(0, PLAYGROUNDS).forEach(i -> api.apply(playground("p" + i, "")));
      await().untilAsserted(() -> assertThat(deployments()).hasSize(PLAYGROUNDS));
      awaitQuiet(operator);

      List<String> one =
          operator.writes().stream().filter(w -> w.matches(".*/p7(-lb|\\W.*|)")).toList();
      System.out.printf(
          "%d writes for %d Playgrounds, %d reads; of one:%n%s%n",
          operator.writes().size(), PLAYGROUNDS, operator.reads().size(), String.join("\n", one));
      int workload = one.indexOf("PATCH /apis/apps/v1/namespaces/default/deployments/p7");
      assertThat(workload).isBetween(0, 5);
      // After it, one status of the Service and, for each change of its pods, one of each.
      assertThat(one).hasSizeLessThanOrEqualTo(8);
      assertThat(operator.reads()).isEmpty();
    }
  }

  @Test
  void playground_editedWhileItsStatusIsBeingWritten_isFollowed() {
    try (TestingOperator operator = TestingOperator.start(api)) {
      api.apply(MODEL + "---\n" + BACKEND);
      operator.meanwhile(
          "PATCH /apis/inference.llmaz.io/v1alpha1/namespaces/default/playgrounds/p/status",
          () -> api.merge(Playground.class, "p", "{\"spec\":{\"replicas\":3}}"));

      api.apply(playground("p", ""));

      await()
          .untilAsserted(() ->
              assertThat(
                      api.client()
                          .apps()
                          .deployments()
                          .inNamespace("default")
                          .withName("p")
                          .get()
                          .getSpec()
                          .getReplicas())
                  .isEqualTo(3));
    }
  }

  @Test
  void playground_deletedWhileItsStatusIsBeingWritten_isNoError() {
    String status =
        "PATCH /apis/inference.llmaz.io/v1alpha1/namespaces/default/playgrounds/p/status";
    Logger logger = (Logger) LoggerFactory.getLogger("io.javaoperatorsdk.operator");
    ListAppender<ILoggingEvent> complaints = new ListAppender<>();
    complaints.list = new CopyOnWriteArrayList<>();
    complaints.start();
    try (TestingOperator operator = TestingOperator.start(api)) {
      api.apply(MODEL + "---\n" + BACKEND);
      awaitQuiet(operator);
      operator.forget();
      logger.addAppender(complaints);
      operator.meanwhile(
          status,
          () ->
              api.client()
                  .resources(Playground.class)
                  .inNamespace("default")
                  .withName("p")
                  .delete());

      api.apply(playground("p", ""));

      await().until(() -> operator.writes().contains(status));
      awaitQuiet(operator);
      assertThat(api.client().resources(Playground.class).inAnyNamespace().list().getItems())
          .isEmpty();
      assertThat(complaints.list).isEmpty();
    } finally {
      logger.detachAppender(complaints);
    }
  }

  @Test
  void restart_withEverythingSettled_writesNothing() {
    try (TestingOperator operator = TestingOperator.start(api)) {
      api.apply(MODEL + "---\n" + BACKEND);
      IntStream.range(0, PLAYGROUNDS).forEach(i -> api.apply(playground("p" + i, "")));
      awaitReplicas(PLAYGROUNDS);
      awaitQuiet(operator);
    }

    try (TestingOperator again = TestingOperator.start(api)) {
      awaitQuiet(again);
      assertThat(again.writes()).isEmpty();
    }
  }

  @Test
  void restart_withP2pAndEverythingSettled_writesNothing() {
    try (TestingGateway gateway = new TestingGateway()) {
      api.p2pOn(gateway);
      try (TestingOperator operator = TestingOperator.start(api)) {
        api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));
        awaitReplicas(1);
        awaitQuiet(operator);
      }

      try (TestingOperator again = TestingOperator.start(api)) {
        awaitQuiet(again);
        assertThat(again.writes()).isEmpty();
      }
    }
  }

  @Test
  void operator_killedAfterEachWrite_reachesTheSameEndWithNothingTwiceAndNothingLeft() {
    api.p2pOn();
    int died = 0;
    for (int n = 0; ; n++) {
      boolean completed;
      try (TestingOperator dying = TestingOperator.dyingAfter(api, n)) {
        api.apply(MODEL + "---\n" + BACKEND + "---\n" + playground("p", ""));
        await()
            .until(() -> {
              complete();
              return dying.refused() || settled();
            });
        completed = !dying.refused();
      }
      if (!completed) {
        died++;
        try (TestingOperator successor = TestingOperator.start(api)) {
          await()
              .until(() -> {
                complete();
                return settled();
              });
          awaitQuiet(successor);
        }
      }
      assertThat(ours())
          .as("after write %d", n)
          .containsExactlyInAnyOrder(
              "P2PTask " + TASKS.get(0),
              "P2PTask " + TASKS.get(1),
              "Service p",
              "Deployment p",
              "Service p-lb");
      api.clean();
      if (completed) {
        break;
      }
      api.p2pOn();
    }
    System.out.println("the operator died after each of " + died + " writes");
    assertThat(died).isGreaterThan(6);
  }

  private void complete() {
    for (String task : TASKS) {
      P2PTask there = api.client().resources(P2PTask.class).withName(task).get();
      boolean ready =
          there != null
              && there.getStatus() != null
              && there.getStatus().conditions().stream()
                  .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
      if (there != null && !ready) {
        api.completeTask(task, "Distributed");
      }
    }
  }

  private boolean settled() {
    Playground playground =
        api.client().resources(Playground.class).inNamespace("default").withName("p").get();
    return deployments().size() == 1
        && api.client().services().inNamespace("default").withName("p-lb").get() != null
        && playground.getStatus() != null
        && playground.getStatus().conditions().stream()
            .anyMatch(c -> c.getMessage().equals("Waiting for inference Service ready"))
        && playground.getStatus().selector() != null
        && playground.getMetadata().getLabels() != null
        && GateUnderChangeIT.service(api, "p").getStatus() != null;
  }

  private List<String> ours() {
    return Stream.of(
            api.client().resources(P2PTask.class).list().getItems(),
            api.client()
                .resources(io.llmaz.api.inference.InferenceService.class)
                .inNamespace("default")
                .list()
                .getItems(),
            deployments(),
            api.client().services().inNamespace("default").list().getItems().stream()
                .filter(s -> !s.getMetadata().getName().equals("kubernetes"))
                .toList())
        .flatMap(List::stream)
        .map(object -> object.getKind() + " " + object.getMetadata().getName())
        .toList();
  }

  private List<? extends HasMetadata> deployments() {
    return api.client().apps().deployments().inNamespace("default").list().getItems();
  }

  /** Until Kubernetes' own controllers, which may take their time, have nothing more to say. */
  private void awaitReplicas(int playgrounds) {
    await()
        .untilAsserted(() ->
            assertThat(api.client().resources(Playground.class).list().getItems())
                .hasSize(playgrounds)
                .allMatch(p -> p.getStatus().replicas() == 1));
  }

  private static void awaitQuiet(TestingOperator operator) {
    int[] last = {-1};
    await()
        .during(Duration.ofSeconds(2))
        .until(() -> {
          int now = operator.writes().size();
          boolean same = now == last[0] || last[0] < 0;
          last[0] = now;
          return same;
        });
  }
}
