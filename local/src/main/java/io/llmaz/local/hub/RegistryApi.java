package io.llmaz.local.hub;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pull half of the OCI distribution specification 1.1: {@code /v2/}, manifests, blobs.
 *
 * <p>With {@code tokens}, it wants a bearer token as Docker Hub does: a 401 names the address that
 * gives one to anybody.
 */
final class RegistryApi implements HubExchange.Handler {
  private final List<StoredImage> images;
  private final Optional<String> token;
  private final Supplier<URI> self;

  RegistryApi(List<StoredImage> images, Optional<String> token, Supplier<URI> self) {
    this.images = List.copyOf(images);
    this.token = token;
    this.self = self;
  }

  @Override
  public void handle(HubExchange exchange) throws IOException {
    List<String> path = Address.segments(exchange.rawPath());
    if (path.equals(List.of("token")) && token.isPresent()) {
      exchange.json(
          200, Map.of("token", token.get(), "access_token", token.get(), "expires_in", 300));
      return;
    }
    if (path.isEmpty() || !path.getFirst().equals("v2")) {
      error(exchange, 404, "UNSUPPORTED", "not a registry address");
      return;
    }
    String name = path.size() < 4 ? "" : String.join("/", path.subList(1, path.size() - 2));
    if (!isAllowed(exchange)) {
      exchange.header(
          "WWW-Authenticate",
          "Bearer realm=\"%s\",service=\"demo\"%s"
              .formatted(
                  self.get().resolve("/token"),
                  name.isEmpty() ? "" : ",scope=\"repository:" + name + ":pull\""));
      error(exchange, 401, "UNAUTHORIZED", "authentication required");
      return;
    }
    exchange.header("Docker-Distribution-Api-Version", "registry/2.0");
    if (path.size() == 1) {
      exchange.json(200, Map.of());
    } else if (name.isEmpty()) {
      error(exchange, 404, "NAME_INVALID", "not a registry address");
    } else {
      answer(exchange, name, path.get(path.size() - 2), path.getLast());
    }
  }

  private boolean isAllowed(HubExchange exchange) {
    return token.isEmpty()
        || ("Bearer " + token.get()).equals(exchange.requestHeader("Authorization"));
  }

  private void answer(HubExchange exchange, String name, String kind, String reference)
      throws IOException {
    List<StoredImage> named =
        images.stream().filter(image -> image.image().repository().equals(name)).toList();
    if (named.isEmpty()) {
      error(exchange, 404, "NAME_UNKNOWN", "repository name not known to registry: " + name);
      return;
    }
    switch (kind) {
      case "manifests" -> manifest(exchange, named, reference);
      case "blobs" -> blob(exchange, named, reference);
      default -> error(exchange, 404, "UNSUPPORTED", "not a registry address");
    }
  }

  private static void manifest(HubExchange exchange, List<StoredImage> images, String reference)
      throws IOException {
    for (StoredImage image : images) {
      String hex = image.image().tag().equals(reference) ? image.index() : hex(reference);
      Content manifest = image.manifests().get(hex);
      if (manifest != null) {
        exchange.header(
            "Content-Type", hex.equals(image.index()) ? StoredImage.INDEX : StoredImage.MANIFEST);
        identify(exchange, manifest);
        exchange.document(manifest);
        return;
      }
    }
    error(exchange, 404, "MANIFEST_UNKNOWN", "manifest unknown: " + reference);
  }

  private static void blob(HubExchange exchange, List<StoredImage> images, String reference)
      throws IOException {
    for (StoredImage image : images) {
      Content blob = image.blobs().get(hex(reference));
      if (blob != null) {
        exchange.header("Content-Type", "application/octet-stream");
        identify(exchange, blob);
        exchange.content(blob);
        return;
      }
    }
    error(exchange, 404, "BLOB_UNKNOWN", "blob unknown to registry: " + reference);
  }

  private static void identify(HubExchange exchange, Content content) {
    exchange.header("Docker-Content-Digest", "sha256:" + content.sha256());
    exchange.header("ETag", "\"sha256:" + content.sha256() + "\"");
  }

  private static String hex(@Nullable String digest) {
    return digest != null && digest.startsWith("sha256:") ? digest.substring(7) : "";
  }

  private static void error(HubExchange exchange, int status, String code, String message)
      throws IOException {
    exchange.json(status, Map.of("errors", List.of(Map.of("code", code, "message", message))));
  }
}
