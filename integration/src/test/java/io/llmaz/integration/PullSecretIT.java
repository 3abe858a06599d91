package io.llmaz.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.llmaz.api.Names;
import io.llmaz.gateway.GatewayConfig;
import io.llmaz.gateway.GatewayServer;
import io.llmaz.local.stack.SystemManifest;
import io.llmaz.parts.DockerRegistry;
import io.llmaz.parts.ImagePush;
import io.llmaz.source.ManifestJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image of a private registry by a cluster's pull secret: the Secret at an API server, a
 * gateway, and a real registry that wants the password.
 */
@EnabledIf("io.llmaz.parts.DockerRegistry#installed")
final class PullSecretIT {
  private static final String SYSTEM = "llmaz-system";
  // Of the password "right", at bcrypt's lowest cost.
  private static final String HTPASSWD =
      "user:$2y$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC";

  @TempDir Path folder;
  private final byte[] layer = new byte[3_000_000];
  private final EmbeddedApi api = new EmbeddedApi();
  private final HttpClient http = HttpClient.newHttpClient();
  private DockerRegistry registry;
  private GatewayServer gateway;

  @BeforeEach
  void start() throws Exception {
    new Random(8).nextBytes(layer);
    try (DockerRegistry open = DockerRegistry.open(folder)) {
      var _ = new ImagePush(open.address(), "team/app").image("amd64", "{}".getBytes(UTF_8), layer);
    }
    registry = DockerRegistry.withPasswords(folder, HTPASSWD);
    api.apply(SystemManifest.yaml());
    gateway =
        GatewayServer.start(
            GatewayConfig.from(
                Map.of(
                    "LLMAZ_GATEWAY_LISTEN",
                    "127.0.0.1:0",
                    "LLMAZ_INSECURE_REGISTRIES",
                    registry.address())),
            api.client());
  }

  @AfterEach
  void stop() {
    gateway.close();
    registry.close();
    http.close();
    api.close();
  }

  @Test
  void image_withThePullSecret_isResolvedAndRead() throws Exception {
    pullSecret("right");
    HttpResponse<byte[]> resolved = resolve();
    assertThat(resolved.statusCode()).as(new String(resolved.body(), UTF_8)).isEqualTo(200);
    task(resolved.body());

    JsonNode links = json(get("/v1/tasks/image-a/manifest")).path("links");

    assertThat(links.properties()).hasSize(2);
    assertThat(links.properties())
        .extracting(link -> http.send(at(link.getValue()), BodyHandlers.ofByteArray()).body())
        .as("config and layer")
        .anySatisfy(bytes -> assertThat(bytes).isEqualTo(layer));
  }

  @Test
  void image_withAWrongPassword_isRefusedWithoutNamingIt() throws Exception {
    pullSecret("wrong-password");

    HttpResponse<byte[]> resolved = resolve();

    assertThat(resolved.statusCode()).isBetween(400, 499);
    assertThat(new String(resolved.body(), UTF_8))
        .contains("the account has no access to it")
        .doesNotContain("wrong-password");
  }

  @Test
  void image_withoutAPullSecret_saysThatThereIsNone() throws Exception {
    assertThat(new String(resolve().body(), UTF_8))
        .contains("there is no account for the registry");
  }

  private void pullSecret(String password) {
    String config =
        "{\"auths\": {\"%s\": {\"username\": \"user\", \"password\": \"%s\"}}}"
            .formatted(registry.address(), password);
    api.client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("pull")
                .withNamespace(SYSTEM)
                .addToLabels("llmaz.io/registry", "true")
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToData(
                    ".dockerconfigjson", Base64.getEncoder().encodeToString(config.getBytes(UTF_8)))
                .build())
        .create();
  }

  /** What the operator makes of an answer. */
  private void task(byte[] manifest) {
    api.apply(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: P2PTask
        metadata: {name: image-a}
        spec: {image: {reference: '%s/team/app:amd64'}}
        """
            .formatted(registry.address()));
    byte[] gzipped = ManifestJson.writeGzip(ManifestJson.read(manifest));
    api.client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.manifestConfigMap("image-a"))
                .withNamespace(SYSTEM)
                .endMetadata()
                .addToBinaryData(Names.MANIFEST_KEY, Base64.getEncoder().encodeToString(gzipped))
                .build())
        .create();
  }

  private HttpResponse<byte[]> resolve() throws Exception {
    String body =
        "{\"image\": {\"reference\": \"%s/team/app:amd64\", \"platforms\": [\"linux/amd64\"]}}"
            .formatted(registry.address());
    return http.send(
        request("/v1/resolve").POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofByteArray());
  }

  private byte[] get(String path) throws Exception {
    HttpResponse<byte[]> answer = http.send(request(path).build(), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.address().resolve(path))
        .header("Authorization", "Bearer " + api.token(SYSTEM, "llmaz-operator"));
  }

  private static HttpRequest at(JsonNode link) {
    return HttpRequest.newBuilder(URI.create(link.asText())).build();
  }

  private static JsonNode json(byte[] bytes) throws Exception {
    return new ObjectMapper().readTree(bytes);
  }
}
