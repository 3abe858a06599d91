package io.llmaz.operator.p2p;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestJson;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The gateway over HTTP, with the operator's own token, which is read again for each request. */
final class GatewayClient implements Gateway, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  // Resolving a repository of many pages takes as long as its hub does.
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final GlobalConfigs configs;
  private final Path tokenFile;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  GatewayClient(GlobalConfigs configs, Path tokenFile) {
    this.configs = configs;
    this.tokenFile = tokenFile;
  }

  @Override
  public Manifest resolve(P2PTaskSpec spec) {
    ObjectNode request = JSON.createObjectNode();
    if (spec.image() != null) {
      request.set("image", JSON.valueToTree(spec.image()));
    } else if (spec.model() != null) {
      request.set("model", JSON.valueToTree(spec.model().source()));
    }
    byte[] answer =
        send(
            HttpRequest.newBuilder(at("/v1/resolve"))
                .POST(HttpRequest.BodyPublishers.ofString(request.toString())));
    return ManifestJson.read(answer);
  }

  @Override
  public Map<String, URI> links(String task) {
    JsonNode answer = read(send(HttpRequest.newBuilder(at("/v1/tasks/" + task + "/manifest"))));
    Map<String, URI> links = new HashMap<>();
    answer
        .path("links")
        .properties()
        .forEach(entry -> links.put(entry.getKey(), URI.create(entry.getValue().asText())));
    return links;
  }

  @Override
  public long originBytes(String task) {
    return read(send(HttpRequest.newBuilder(at("/v1/tasks/" + task + "/usage"))))
        .path("originBytes")
        .asLong();
  }

  private URI at(String path) {
    URI base = configs.current().p2p().gateway();
    if (base == null) {
      throw new SourceException(SourceException.Kind.TRANSIENT, "P2P is switched off");
    }
    return base.resolve(path);
  }

  private byte[] send(HttpRequest.Builder request) {
    try {
      String token = Files.readString(tokenFile).strip();
      HttpResponse<byte[]> response =
          http.send(
              request.timeout(TIMEOUT).header("Authorization", "Bearer " + token).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        return response.body();
      }
      throw refusal(response);
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          "the gateway does not answer: " + OriginHttp.describe(e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(SourceException.Kind.TRANSIENT, "interrupted", e);
    }
  }

  private static SourceException refusal(HttpResponse<byte[]> response) {
    JsonNode answer = read(response.body());
    SourceException.Kind kind;
    try {
      kind = SourceException.Kind.valueOf(answer.path("kind").asText().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      kind = SourceException.Kind.BUG;
    }
    // A refused operator is a matter of set-up that may be mended, not of the user's object.
    if (response.statusCode() == 401 || response.statusCode() == 403) {
      kind = SourceException.Kind.TRANSIENT;
    }
    return new SourceException(
        kind, answer.path("message").asText("the gateway answered " + response.statusCode()));
  }

  private static JsonNode read(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.BUG, "the gateway sent no JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
