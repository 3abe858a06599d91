package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods as real processes, without an API server. */
class PodRunIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicReference<PodStatus> status = new AtomicReference<>(new PodStatus());
  // An own network for each run, so that runs at the same time do not meet.
  private final String network =
      "127.%d.%d."
          .formatted(
              ThreadLocalRandom.current().nextInt(100, 250),
              ThreadLocalRandom.current().nextInt(1, 250));
  private Optional<PodRun> run = Optional.empty();

  @AfterEach
  void stop() {
    run.ifPresent(PodRun::stop);
    http.close();
    assertThat(children()).as("processes of the pod that still run").isEmpty();
  }

  private List<ProcessHandle> children() {
    try (Stream<ProcessHandle> all = ProcessHandle.current().children()) {
      return all.filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
          .toList();
    }
  }

  private void start(String spec) {
    Pod pod =
        Serialization.unmarshal(
            "metadata: {name: p, namespace: ns, uid: u}\nspec:\n" + spec.indent(2), Pod.class);
    ImageProgram program =
        ImageProgram.ofJava(
            TestingProgram.class.getName(),
            List.of(
                Path.of(
                    TestingProgram.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())),
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
            Map.of());
    PodFields fields = new PodFields(pod, network + "1", network + "2");
    PodObjects objects = new TestingPodObjects();
    PodRun started =
        new PodRun(
            pod,
            network + "2",
            folder,
            new PodRun.Surroundings(
                new NodeImages(
                    folder.resolve("images"),
                    LocalImages.none().with("program", program),
                    new RegistryMirror(http, Optional.empty())),
                new ContainerEnvironment(objects, fields),
                new PodVolumes(folder.resolve("volumes"), objects, fields),
                new LaunchSettings(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    List.of(),
                    Duration.ofSeconds(2)),
                http,
                new PodReport(
                    pod, network + "1", network + "2", InstantSource.system(), status::set),
                new PodEvents(event -> {}, pod, "node", InstantSource.system())));
    run = Optional.of(started);
    started.start();
  }

  private ContainerStatus container() {
    return status.get().getContainerStatuses().getFirst();
  }

  private boolean condition(String type) {
    return status.get().getConditions().stream()
        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
  }

  private String log(String container) throws IOException {
    return Files.readString(PodLogs.file(folder, container));
  }

  @Test
  void start_initThenServer_becomesReadyOnItsOwnAddress() throws IOException {
    start(
        """
        volumes: [{name: m, emptyDir: {}}]
        initContainers:
        - {name: load, image: "program:v1", args: [write, /models/x, y],
           volumeMounts: [{name: m, mountPath: /models/}]}
        containers:
        - {name: serve, image: program, args: [serve, 0.0.0.0, "8080", "200"],
           readinessProbe: {httpGet: {path: /health, port: 8080}, periodSeconds: 1}}
        """);

    await().atMost(PATIENCE).until(() -> condition("Ready"));

    assertThat(folder.resolve("volumes/m/x")).hasContent("y");
    assertThat(status.get().getPodIP()).isEqualTo(network + "2");
    assertThat(status.get().getPhase()).isEqualTo("Running");
    assertThat(log("serve")).contains("serving on " + network + "2");
  }

  @Test
  void start_initFails_isTriedAgainUntilItSucceeds() throws IOException {
    start(
        """
        volumes: [{name: m, emptyDir: {}}]
        initContainers:
        - {name: load, image: program, args: [fail-once, /models/tried],
           volumeMounts: [{name: m, mountPath: /models}]}
        containers: [{name: main, image: program, args: [hang]}]
        """);

    await().atMost(PATIENCE).until(() -> condition("Ready"));

    assertThat(status.get().getInitContainerStatuses().getFirst().getRestartCount()).isEqualTo(1);
    assertThat(
            status
                .get()
                .getInitContainerStatuses()
                .getFirst()
                .getLastState()
                .getTerminated()
                .getMessage())
        .isEqualTo("failing");
    assertThat(log("load")).contains("failing").contains("succeeding");
  }

  @Test
  void start_neverReady_staysUnready() {
    start(
        """
        containers:
        - {name: serve, image: program, args: [serve, 0.0.0.0, "8080", "503"],
           readinessProbe: {httpGet: {path: /health, port: 8080}, periodSeconds: 1}}
        """);

    await()
        .atMost(PATIENCE)
        .until(() ->
            Files.exists(PodLogs.file(folder, "serve")) && log("serve").contains("serving on"));

    assertThat(condition("Ready")).isFalse();
    assertThat(container().getReady()).isFalse();
  }

  @Test
  void start_livenessFails_isStartedAgain() {
    start(
        """
        containers:
        - {name: serve, image: program, args: [serve, 0.0.0.0, "8080", "503"],
           livenessProbe: {httpGet: {path: /health, port: 8080}, periodSeconds: 1,
             failureThreshold: 1, initialDelaySeconds: 1}}
        """);

    await().atMost(PATIENCE).until(() -> !status.get().getContainerStatuses().isEmpty());
    await().atMost(PATIENCE).until(() -> container().getRestartCount() > 0);
  }

  @Test
  void start_unknownImage_waitsAndSaysWhy() {
    start("containers: [{name: main, image: \"127.0.0.1:1/no/such:v1\"}]");

    await().atMost(PATIENCE).until(() -> !status.get().getContainerStatuses().isEmpty());
    await()
        .atMost(PATIENCE)
        .until(() -> "ImagePullBackOff".equals(container().getState().getWaiting().getReason()));

    assertThat(container().getState().getWaiting().getMessage())
        .contains("no program of this machine runs \"127.0.0.1:1/no/such:v1\"");
  }

  @Test
  void start_jobThatEnds_succeeds() {
    start(
        """
        restartPolicy: Never
        containers: [{name: main, image: program, args: [write, "$(DIR)/done", x],
          env: [{name: DIR, value: /out}], volumeMounts: [{name: o, mountPath: /out}]}]
        volumes: [{name: o, emptyDir: {}}]
        """);

    await().atMost(PATIENCE).until(() -> "Succeeded".equals(status.get().getPhase()));

    assertThat(folder.resolve("volumes/o/done")).hasContent("x");
  }

  @Test
  void start_variablesOfThisMachine_doNotReachTheContainer() throws IOException {
    start(
        """
        restartPolicy: Never
        containers: [{name: main, image: program, args: [print-env, JAVA_HOME]}]
        """);

    await().atMost(PATIENCE).until(() -> "Succeeded".equals(status.get().getPhase()));

    assertThat(log("main")).contains("value: null");
  }
}
