package io.llmaz.loader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestJson;
import io.llmaz.source.OriginAnswer;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Asks the gateway for a task's manifest and links, with the pod's projected token. */
final class GatewayClient {
  private static final int BUNDLE_BUFFER = 64 * 1024;

  private final OriginHttp http;
  private final URI base;
  private final Path tokenFile;

  /** A manifest and the address of each of its files, by path. */
  record Links(Manifest manifest, Map<String, URI> addresses) {
    Links {
      addresses = Map.copyOf(addresses);
    }
  }

  GatewayClient(OriginHttp http, URI base, Path tokenFile) {
    this.http = http;
    this.base = base;
    this.tokenFile = tokenFile;
  }

  /**
   * The manifest of a task.
   *
   * @throws SourceException when the gateway does not give it
   */
  Links manifest(String task) {
    try {
      OriginAnswer response =
          http.get(URI.create(base + "/v1/tasks/" + task + "/manifest"), authorization());
      try (InputStream body = response.body()) {
        JsonNode answer = new ObjectMapper().readTree(body);
        if (response.statusCode() != 200) {
          throw new SourceException(
              SourceException.Kind.USER,
              "the gateway answered "
                  + response.statusCode()
                  + ": "
                  + answer.path("message").asText());
        }
        Map<String, URI> addresses = new HashMap<>();
        answer
            .path("links")
            .properties()
            .forEach(e -> addresses.put(e.getKey(), URI.create(e.getValue().asText())));
        byte[] manifest = new ObjectMapper().writeValueAsBytes(answer.path("manifest"));
        return new Links(ManifestJson.read(manifest), addresses);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT, "no manifest from the gateway: " + e.getMessage(), e);
    }
  }

  /**
   * Tells people who look at the task, by an event of it, how a load ended.
   *
   * @param warning whether somebody should look
   * @param reason one word
   * @param pod who says it
   * @throws IOException when the gateway does not take it
   */
  void report(String task, boolean warning, String reason, String message, String pod)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    byte[] body =
        json.writeValueAsBytes(
            json.createObjectNode()
                .put("type", warning ? "Warning" : "Normal")
                .put("reason", reason)
                .put("message", message)
                .put("instance", pod));
    try (OriginAnswer answer =
        http.postOnce(URI.create(base + "/v1/tasks/" + task + "/reports"), authorization(), body)) {
      if (answer.statusCode() >= 300) {
        throw new IOException("it answered " + answer.statusCode());
      }
    }
  }

  /**
   * All files of a task up to a size, in one stream for a {@link io.llmaz.source.BundleReader}.
   *
   * @throws SourceException when the gateway does not give it
   */
  InputStream bundle(String task, long largest) {
    try {
      OriginAnswer response =
          http.get(
              URI.create(base + "/v1/tasks/" + task + "/bundle?max=" + largest), authorization());
      if (response.statusCode() != 200) {
        response.close();
        throw new SourceException(
            SourceException.Kind.TRANSIENT, "the gateway answered " + response.statusCode());
      }
      return new BufferedInputStream(response.body(), BUNDLE_BUFFER);
    } catch (IOException e) {
      throw new SourceException(SourceException.Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
    }
  }

  /** Read each time: a kubelet renews the token. */
  private Map<String, String> authorization() throws IOException {
    return Map.of("Authorization", "Bearer " + Files.readString(tokenFile).strip());
  }
}
