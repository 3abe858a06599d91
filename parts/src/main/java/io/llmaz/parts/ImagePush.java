package io.llmaz.parts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Writes images into an open registry as the distribution specification says.
 *
 * @param address {@code host:port}, without TLS
 * @param repository of all images
 */
public record ImagePush(String address, String repository) {
  private static final String IMAGE_TYPE = "application/vnd.oci.image.manifest.v1+json";

  /**
   * Pushes an image of one layer for Linux.
   *
   * @param architecture also its tag
   * @return its entry in an index
   */
  public String image(String architecture, byte[] config, byte[] layer)
      throws IOException, InterruptedException {
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                IMAGE_TYPE,
                blob("application/vnd.oci.image.config.v1+json", config),
                blob("application/vnd.oci.image.layer.v1.tar", layer));
    String digest = manifest(architecture, IMAGE_TYPE, manifest);
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}"
        .formatted(IMAGE_TYPE, digest, manifest.length(), architecture);
  }

  /**
   * Pushes a manifest.
   *
   * @param type of its media
   * @return its digest
   */
  public String manifest(String tag, String type, String json)
      throws IOException, InterruptedException {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    send("PUT", uri("/manifests/" + tag), type, BodyPublishers.ofByteArray(content));
    return digest(content);
  }

  private String blob(String type, byte[] content) throws IOException, InterruptedException {
    String upload =
        send("POST", uri("/blobs/uploads/"), "text/plain", BodyPublishers.noBody())
            .headers()
            .firstValue("Location")
            .orElseThrow();
    String digest = digest(content);
    send(
        "PUT",
        URI.create(upload + "&digest=" + digest),
        "application/octet-stream",
        BodyPublishers.ofByteArray(content));
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, digest, content.length);
  }

  private URI uri(String path) {
    return URI.create("http://" + address + "/v2/" + repository + path);
  }

  private static HttpResponse<String> send(String method, URI uri, String type, BodyPublisher body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri).header("Content-Type", type).method(method, body).build(),
              BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IOException(uri + " answered " + response.statusCode() + ": " + response.body());
      }
      return response;
    }
  }

  private static String digest(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
