package io.llmaz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code llmaz up} as its user meets it: a process, a kubeconfig and a stock kubectl. */
final class UpIT {
  @TempDir Path folder;

  @BeforeEach
  void needPrograms() {
    assumeTrue(RunningLlmaz.programsAreBuilt(), "loader, gateway and runner are not packaged");
  }

  @Test
  void tutorial_everyCommand_works() throws Exception {
    assumeKubectl();
    try (RunningLlmaz llmaz = RunningLlmaz.start(folder, "up").awaitOutput("Try:")) {
      Kubectl kubectl = new Kubectl(llmaz.printedAfter("export KUBECONFIG="));
      String example = llmaz.printedAfter("kubectl apply -f ");
      for (String command : TutorialCommands.of(RunningLlmaz.HOME.resolve("docs/tutorial.md"))) {
        if (command.startsWith("kubectl ")) {
          kubectl.run(command.replace("<the example it printed>", example));
        }
      }

      assertThat(kubectl.run("kubectl get p2p"))
          .contains("KIND", "SOURCE", "REVISION", "SIZE", "PROGRESS", "ORIGIN", "READY", "REASON")
          .contains("100%", "1.00", "Distributed");
      assertThat(kubectl.run("kubectl logs deployment/embeddings -c model-loader"))
          .contains("3 files verified");
      assertThat(kubectl.run("kubectl describe playground embeddings"))
          .contains("Normal", "PlaygroundReady");
      kubectl.run("kubectl rollout status deployment/embeddings --timeout=90s");
      assertThat(kubectl.run("kubectl get pods")).contains("1/1");
      assertThat(kubectl.fails("kubectl apply --server-side -f -", badModel()))
          .contains("familyName");
      kubectl.run(
          "kubectl patch playground embeddings --type=merge -p {\"spec\":{\"replicas\":1}}");
      kubectl.run("kubectl delete playground embeddings --timeout=30s");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(kubectl.run("kubectl get pods,deployments -o name")).isBlank());
    }
  }

  @Test
  void killedWithData_startedAgain_goesOnWhereItWas() throws Exception {
    assumeKubectl();
    Path data = folder.resolve("data");
    List<ProcessHandle> processes;
    String first;
    try (RunningLlmaz llmaz = startUp("first", data)) {
      first = llmaz.output();
      Kubectl kubectl = new Kubectl(llmaz.printedAfter("export KUBECONFIG="));
      kubectl.run("kubectl apply -f " + llmaz.printedAfter("kubectl apply -f "));
      kubectl.run("kubectl scale playground/embeddings --replicas=1");
      kubectl.run("kubectl wait playground/embeddings --for=condition=Available --timeout=120s");
      processes = llmaz.processes();
      llmaz.kill();
    }
    assertThat(processes).hasSizeGreaterThan(2);
    Awaitility.await("the children to notice")
        .atMost(Duration.ofSeconds(20))
        .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));

    try (RunningLlmaz llmaz = startUp("second", data)) {
      assertThat(llmaz.output()).isEqualTo(first);
      Kubectl kubectl = new Kubectl(llmaz.printedAfter("export KUBECONFIG="));
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() ->
              assertThat(kubectl.run("kubectl get pods --no-headers"))
                  .containsOnlyOnce("embeddings-")
                  .contains("1/1"));
      assertThat(kubectl.run("kubectl get p2p model-all-minilm-l6-v2")).contains("1.00");
    }
  }

  @Test
  void port_inUse_isNamedAndNothingIsLeft() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RunningLlmaz llmaz =
            RunningLlmaz.start(folder, "up", "--port", String.valueOf(taken.getLocalPort()))) {
      assertThat(llmaz.awaitEnd()).isEqualTo(70);
      assertThat(llmaz.errors())
          .contains("port " + taken.getLocalPort() + " for the API server is in use");
      assertThat(llmaz.leftovers()).isEmpty();
    }
  }

  @Test
  void dataFolder_ofARunningOne_isRefused() throws Exception {
    Path data = folder.resolve("data");
    try (RunningLlmaz first = startUp("first", data);
        RunningLlmaz second =
            RunningLlmaz.start(
                Files.createDirectories(folder.resolve("second")),
                "up",
                "--data-dir",
                data.toString())) {
      assertThat(second.awaitEnd()).isEqualTo(70);
      assertThat(second.errors()).contains("another llmaz runs in");
      assertThat(first.processes()).allMatch(ProcessHandle::isAlive);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {300, 1500, 3000, 6000, 12000})
  void demo_stoppedAtAnyMoment_leavesNothing(long afterMillis) throws Exception {
    try (RunningLlmaz llmaz = RunningLlmaz.start(folder, "demo")) {
      // Where it is by then differs from machine to machine, which is what this is about.
      Awaitility.await()
          .pollDelay(Duration.ofMillis(afterMillis))
          .atMost(Duration.ofMinutes(1))
          .until(() -> true);
      List<ProcessHandle> processes = llmaz.processes();
      llmaz.stop();

      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(llmaz.leftovers()).isEmpty();
    }
  }

  private RunningLlmaz startUp(String name, Path data) throws IOException {
    return RunningLlmaz.start(
            Files.createDirectories(folder.resolve(name)),
            "up",
            "--nodes",
            "1",
            "--data-dir",
            data.toString())
        .awaitOutput("Try:");
  }

  private static String badModel() {
    return """
    apiVersion: llmaz.io/v1alpha1
    kind: OpenModel
    metadata: {name: bad}
    spec: {source: {modelHub: {modelID: a/b}}}
    """;
  }

  private static void assumeKubectl() {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl"))),
        "no kubectl on the PATH");
  }

  /** Runs kubectl; a watch is ended after a moment. */
  private record Kubectl(String kubeconfig) {
    private static final String WATCH = " -w";

    String run(String command) throws IOException, InterruptedException {
      Result result = execute(command, "");
      boolean watched = command.endsWith(WATCH) && result.exit() == 124;
      assertThat(watched || result.exit() == 0).as(command + ": " + result.text()).isTrue();
      return result.text();
    }

    String fails(String command, String input) throws IOException, InterruptedException {
      Result result = execute(command, input);
      assertThat(result.exit()).as(result.text()).isNotZero();
      return result.text();
    }

    private record Result(int exit, String text) {}

    private Result execute(String command, String input) throws IOException, InterruptedException {
      String limit = command.endsWith(WATCH) ? "timeout 3 " : "timeout 150 ";
      ProcessBuilder builder =
          new ProcessBuilder((limit + command).split(" ")).redirectErrorStream(true);
      builder.environment().put("KUBECONFIG", kubeconfig);
      Process process = builder.start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), text);
    }
  }
}
