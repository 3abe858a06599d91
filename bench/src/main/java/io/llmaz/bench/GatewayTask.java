package io.llmaz.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.llmaz.api.Crds;
import io.llmaz.api.Names;
import io.llmaz.local.controlplane.ControlPlane;
import io.llmaz.local.controlplane.ControlPlaneConfig;
import io.llmaz.local.stack.SystemManifest;
import io.llmaz.source.ManifestJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One model's task at an embedded API server, and a gateway that serves it. */
final class GatewayTask implements AutoCloseable {
  private static final String NAMESPACE = "llmaz-system";
  private static final String TASK = "model-b";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ControlPlane api =
      ControlPlane.start(
          new ControlPlaneConfig(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()));
  private final HttpClient http = HttpClient.newHttpClient();
  private final GatewayProgram gateway;

  /** Starts both, resolves the hub's model and makes its task. */
  GatewayTask(Path home, Path work, URI hub) throws IOException, InterruptedException {
    Crds.NAMES.forEach(name -> api.apply(Crds.yaml(name)));
    api.apply(SystemManifest.yaml());
    Path kubeconfig = work.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        api.kubeconfig()
            .replace("user: {}", "user: {token: " + api.token(NAMESPACE, "llmaz-gateway") + "}"));
    gateway = new GatewayProgram(home, kubeconfig, work.resolve("gateway.log"), hub);
    api.apply(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: P2PTask
        metadata: {name: %s}
        spec: {model: {source: {modelHub: {modelID: b/b}}}}
        """
            .formatted(TASK));
    JsonNode manifest = post("/v1/resolve", "{\"model\": {\"modelHub\": {\"modelID\": \"b/b\"}}}");
    byte[] gzipped = ManifestJson.writeGzip(ManifestJson.read(JSON.writeValueAsBytes(manifest)));
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(api.clientConfig()).build()) {
      client
          .resource(
              new ConfigMapBuilder()
                  .withMetadata(
                      new ObjectMetaBuilder()
                          .withName(Names.manifestConfigMap(TASK))
                          .withNamespace(NAMESPACE)
                          .build())
                  .addToBinaryData(Names.MANIFEST_KEY, Base64.getEncoder().encodeToString(gzipped))
                  .build())
          .create();
    }
  }

  GatewayProgram gateway() {
    return gateway;
  }

  /** Signed addresses, by path. */
  Map<String, URI> links() throws IOException, InterruptedException {
    HttpRequest request = request("/v1/tasks/" + TASK + "/manifest").build();
    Map<String, URI> links = new LinkedHashMap<>();
    send(request)
        .path("links")
        .properties()
        .forEach(link -> links.put(link.getKey(), URI.create(link.getValue().asText())));
    return links;
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.address().resolve(path))
        .header("Authorization", "Bearer " + api.token(NAMESPACE, "llmaz-operator"));
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the gateway answered " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  @Override
  public void close() {
    gateway.close();
    http.close();
    api.close();
  }
}
