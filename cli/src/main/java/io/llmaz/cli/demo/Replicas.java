package io.llmaz.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The replicas of the demo's Playground: which are ready, and what they answer. */
final class Replicas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RELATED = "The cat sits on the mat.";
  private static final String NEAR = "A kitten is resting on a rug.";
  private static final String FAR = "Interest rates rose by half a percent.";

  private final KubernetesClient client;
  private final HttpClient http;

  Replicas(KubernetesClient client, HttpClient http) {
    this.client = client;
    this.http = http;
  }

  List<Pod> all() {
    return client
        .pods()
        .inNamespace("default")
        .withLabel(Labels.WORKLOAD_NAME, "embeddings")
        .list()
        .getItems();
  }

  List<Pod> ready() {
    return all().stream()
        .filter(pod ->
            pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")))
        .toList();
  }

  /** Why a Pod's containers do not run, in their own words; empty while nothing is wrong. */
  static Optional<String> trouble(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status ->
            Stream.concat(
                status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream()))
        .map(container ->
            Optional.ofNullable(container.getLastState())
                .map(ContainerState::getTerminated)
                .or(() ->
                    Optional.ofNullable(container.getState()).map(ContainerState::getTerminated))
                .filter(ended -> ended.getExitCode() != 0)
                .map(ended ->
                    "%s ended with %d: %s"
                        .formatted(container.getName(), ended.getExitCode(), ended.getMessage())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What a replica makes of three sentences; the first two are related. */
  record Answer(String pod, double[] first, double near, double far) {}

  Answer ask(Pod pod) throws IOException, InterruptedException {
    String body =
        JSON.writeValueAsString(
            java.util.Map.of("model", "all-minilm-l6-v2", "input", List.of(RELATED, NEAR, FAR)));
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://" + pod.getStatus().getPodIP() + ":8080/v1/embeddings"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          pod.getMetadata().getName()
              + " answered "
              + response.statusCode()
              + ": "
              + response.body());
    }
    List<double[]> vectors = new ArrayList<>();
    for (JsonNode item : JSON.readTree(response.body()).path("data")) {
      vectors.add(JSON.convertValue(item.path("embedding"), double[].class));
    }
    return new Answer(
        pod.getMetadata().getName(),
        vectors.get(0),
        cosine(vectors.get(0), vectors.get(1)),
        cosine(vectors.get(0), vectors.get(2)));
  }

  static double cosine(double[] a, double[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
