package io.llmaz.bench;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.Crds;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.parts.KubeApiServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real API server for {@link ScaleBenchmark}: 100 models, 20 backends with an image each, and as
 * many Playgrounds over them as are asked for. There are no other controllers, so that every write
 * that is not the benchmark's is the operator's.
 */
final class ScaleCluster implements AutoCloseable {
  static final int MODELS = 100;
  static final int IMAGES = 20;
  private static final String NAMESPACE = "default";
  private static final String SYSTEM = "llmaz-system";
  private static final int WRITERS = 4;
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubeApiServer server;
  private final KubernetesClient client;
  private final AtomicLong ownWrites = new AtomicLong();

  ScaleCluster(Path directory, boolean p2p) throws IOException {
    // Such as --profiling, to see where it spends its time.
    server =
        new KubeApiServer(
            directory,
            Stream.of(System.getProperty("llmaz.bench.apiserver.flags", "").split(" "))
                .filter(flag -> !flag.isEmpty())
                .toList());
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(server.kubeconfig())))
            .build();
    Crds.NAMES.forEach(name -> create(Crds.yaml(name)));
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::established);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(SYSTEM).endMetadata().build())
        .create();
    if (p2p) {
      client
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("llmaz-global-config")
                  .withNamespace(SYSTEM)
                  .endMetadata()
                  .addToData(
                      "config.data",
                      "p2p: {enabled: true, gateway: 'http://127.0.0.1:9', seeds: ['127.0.0.1:9']}")
                  .build())
          .create();
    }
    inParallel(
        0,
        MODELS,
        i ->
            create(
                """
                apiVersion: llmaz.io/v1alpha1
                kind: OpenModel
                metadata: {name: m%d}
                spec: {familyName: f, source: {modelHub: {modelID: org/m%d}}}
                """
                    .formatted(i, i)));
    inParallel(
        0,
        IMAGES,
        i ->
            create(
                """
                apiVersion: inference.llmaz.io/v1alpha1
                kind: BackendRuntime
                metadata: {name: b%d}
                spec: {image: registry.example/b%d, version: v1, args: [--model, "{{.ModelPath}}"],
                  resources: {requests: {cpu: 4, memory: 8Gi}, limits: {cpu: 4, memory: 8Gi}}}
                """
                    .formatted(i, i)));
  }

  Path kubeconfig() {
    return server.kubeconfig();
  }

  /**
   * Makes the Playgrounds with these numbers.
   *
   * @throws IOException when the API server refuses one
   */
  void playgrounds(int from, int to) throws IOException {
    // By a program that needs no warming: the benchmark must not need a processor of its own.
    Process curl =
        new ProcessBuilder(
                "curl",
                "--no-progress-meter",
                "--parallel",
                "--parallel-max",
                String.valueOf(WRITERS),
                "--config",
                "-")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Writer requests = curl.outputWriter()) {
      for (int i = from; i < to; i++) {
        requests.write(i == from ? "" : "next\n");
        requests.write(
            """
            url = "%s/apis/inference.llmaz.io/v1alpha1/namespaces/%s/playgrounds"
            cacert = "%s"
            header = "Authorization: Bearer %s"
            header = "Content-Type: application/json"
            data = "{'apiVersion': 'inference.llmaz.io/v1alpha1', 'kind': 'Playground', 'metadata': {'name': 'p%d'},\
             'spec': {'replicas': 1, 'modelClaim': {'modelName': 'm%d'}, 'backendRuntimeConfig': {'backendName': 'b%d'}}}"
            fail-early
            fail
            output = /dev/null
            """
                .formatted(
                    server.address(),
                    NAMESPACE,
                    server.certificate(),
                    server.token(),
                    i,
                    i % MODELS,
                    i % IMAGES)
                .replace("'", "\\\""));
      }
    }
    try {
      if (curl.waitFor() != 0) {
        throw new IOException("curl could not make all Playgrounds: " + curl.exitValue());
      }
    } catch (InterruptedException e) {
      curl.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    ownWrites.addAndGet(to - from);
  }

  /** Says of every P2PTask what the p2ptask-controller says when its bytes are there. */
  void completeTasks() {
    for (P2PTask task : client.resources(P2PTask.class).list().getItems()) {
      patchStatus(
          task,
          Map.of(
              "conditions",
              List.of(
                  Map.of(
                      "type", "Ready",
                      "status", "True",
                      "reason", "Distributed",
                      "message", "Every byte is on a seed peer",
                      "lastTransitionTime", "2026-01-01T00:00:00Z"))));
    }
  }

  /** Says of so many Deployments what their controller says when their replicas answer. */
  void makeReady(int deployments) {
    inParallel(
        0,
        deployments,
        i -> {
          Deployment deployment =
              client.apps().deployments().inNamespace(NAMESPACE).withName("p" + i).require();
          patchStatus(
              deployment,
              Map.of(
                  "observedGeneration", deployment.getMetadata().getGeneration(),
                  "replicas", 1,
                  "updatedReplicas", 1,
                  "readyReplicas", 1,
                  "availableReplicas", 1));
        });
  }

  long deployments() {
    return count(Deployment.class);
  }

  long inferenceServices() {
    return count(InferenceService.class);
  }

  long tasks() {
    return client.resources(P2PTask.class).list().getItems().size();
  }

  /** What the API server has counted until now, without the benchmark's own writes. */
  ApiRequests requests() {
    return ApiRequests.parse(client.raw("/metrics"), ownWrites.get());
  }

  /** Seconds of processor time of the API server. */
  double serverSeconds() {
    return TimedProcess.processorSeconds(server.pids().getFirst());
  }

  /** Seconds of processor time of its etcd. */
  double etcdSeconds() {
    return TimedProcess.processorSeconds(server.pids().getLast());
  }

  private <T extends HasMetadata> long count(Class<T> kind) {
    // The server counts what it leaves out: one object is sent, however many there are.
    KubernetesResourceList<T> list =
        client
            .resources(kind)
            .inNamespace(NAMESPACE)
            .list(new ListOptionsBuilder().withLimit(1L).build());
    Long remaining = list.getMetadata().getRemainingItemCount();
    return list.getItems().size() + (remaining == null ? 0 : remaining);
  }

  private void patchStatus(HasMetadata object, Map<String, Object> status) {
    client
        .resource(object)
        .subresource("status")
        .patch(MERGE, Serialization.asJson(Map.of("status", status)));
    ownWrites.incrementAndGet();
  }

  private void create(String yaml) {
    for (HasMetadata object :
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items()) {
      client.resource(object).create();
      if (object.getApiVersion().contains("llmaz.io")) {
        ownWrites.incrementAndGet();
      }
    }
  }

  private boolean established() {
    return client.resources(CustomResourceDefinition.class).list().getItems().stream()
        .map(crd -> crd.getStatus().getConditions())
        // Nothing is said of a definition that the server has not looked at yet.
        .allMatch(conditions ->
            conditions != null
                && conditions.stream()
                    .anyMatch(
                        c -> c.getType().equals("Established") && c.getStatus().equals("True")));
  }

  private static void inParallel(int from, int to, IntConsumer action) {
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<? extends Future<?>> all =
          IntStream.range(from, to).mapToObj(i -> writers.submit(() -> action.accept(i))).toList();
      for (Future<?> one : all) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
