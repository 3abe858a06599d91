package io.llmaz.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An image of an OCI registry.
 *
 * <ol>
 *   <li>{@code GET /v2/<name>/manifests/<tag or digest>}; a 401 names how to log in, see {@link
 *       RegistryLogin}.
 *   <li>An index (or Docker's manifest list) is followed to the manifest of each wanted platform.
 *   <li>A manifest names config and layers by digest; {@code GET /v2/<name>/blobs/<digest>} gives
 *       them, often by a redirect to a signed address.
 * </ol>
 *
 * Source: OCI distribution specification 1.1, image specification 1.1.
 */
public final class RegistrySource implements Source {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCEPT =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");
  private static final int LARGEST_MANIFEST = 4 << 20;

  private final OriginHttp http;
  private final ImageName name;
  private final List<String> platforms;
  private final URI base;
  private final RegistryLogin login;
  private final OriginHttp.Meter meter;
  private final Map<String, RangedFile> files = new ConcurrentHashMap<>();

  /**
   * An image.
   *
   * @param platforms {@code os/architecture}; empty means {@code linux/amd64}
   * @param plainHttp whether the registry is spoken to without TLS
   */
  public RegistrySource(
      OriginHttp http,
      ImageName name,
      List<String> platforms,
      boolean plainHttp,
      RegistryLogin.Accounts accounts,
      OriginHttp.Meter meter) {
    this.http = http;
    this.name = name;
    this.platforms = platforms.isEmpty() ? List.of("linux/amd64") : List.copyOf(platforms);
    this.base =
        URI.create(
            (plainHttp ? "http://" : "https://") + name.registry() + "/v2/" + name.repository());
    this.login = new RegistryLogin(http, name, accounts);
    this.meter = meter;
  }

  @Override
  public Manifest resolve() {
    Document top = manifest(name.wanted());
    Map<String, ManifestFile> blobs = new LinkedHashMap<>();
    if (top.json().has("manifests")) {
      for (String platform : platforms) {
        collect(manifest(digestFor(platform, top.json())).json(), blobs);
      }
    } else {
      collect(top.json(), blobs);
    }
    String shown = name.registry() + "/" + name.repository();
    return new Manifest(shown, top.digest().toString(), List.copyOf(blobs.values()));
  }

  private record Document(JsonNode json, Digest digest) {}

  private Document manifest(String wanted) {
    URI uri = URI.create(base + "/manifests/" + wanted);
    OriginAnswer response = ask(uri);
    if (response.statusCode() == 401) {
      close(response); // Before the login, which needs a connection to perhaps the same host.
      if (login.accept(response.headers())) {
        response = ask(uri);
      }
    }
    try (InputStream body = response.body()) {
      check(response.statusCode(), wanted);
      byte[] bytes = body.readNBytes(LARGEST_MANIFEST);
      ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, bytes.length);
      hasher.update(bytes, 0, bytes.length);
      Digest digest = hasher.digest();
      if (wanted.startsWith("sha256:") && !digest.toString().equals(wanted)) {
        throw new SourceException(
            SourceException.Kind.BUG,
            name.registry() + " sent another manifest than " + wanted + ": " + digest);
      }
      return new Document(JSON.readTree(bytes), digest);
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          name.registry() + " broke off or sent no JSON: " + OriginHttp.describe(e),
          e);
    }
  }

  private OriginAnswer ask(URI uri) {
    Map<String, String> headers = new java.util.HashMap<>(login.headers());
    headers.put("Accept", ACCEPT);
    return http.get(uri, headers, meter);
  }

  private void check(int status, String wanted) {
    if (status == 401 || status == 403) {
      throw login.refused(status);
    }
    if (status == 404) {
      throw new SourceException(
          SourceException.Kind.USER,
          name.registry() + " has no image " + name.repository() + " with " + wanted + " (404)");
    }
    if (status != 200) {
      throw new SourceException(
          SourceException.Kind.BUG,
          name.registry() + " answered " + status + " for " + name.repository());
    }
  }

  private String digestFor(String platform, JsonNode index) {
    for (JsonNode entry : index.path("manifests")) {
      JsonNode p = entry.path("platform");
      String plain = p.path("os").asText() + "/" + p.path("architecture").asText();
      if (platform.equals(plain) || platform.equals(plain + "/" + p.path("variant").asText())) {
        return entry.path("digest").asText();
      }
    }
    throw new SourceException(
        SourceException.Kind.USER, name.repository() + " has no image for platform " + platform);
  }

  private void collect(JsonNode manifest, Map<String, ManifestFile> blobs) {
    collectBlob(manifest.path("config"), blobs);
    manifest.path("layers").forEach(layer -> collectBlob(layer, blobs));
  }

  private void collectBlob(JsonNode descriptor, Map<String, ManifestFile> blobs) {
    try {
      Digest digest = Digest.parse(descriptor.path("digest").asText());
      String path = "blobs/sha256/" + digest.hex();
      blobs.put(path, ManifestFile.verified(path, descriptor.path("size").asLong(), digest));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          SourceException.Kind.BUG,
          name.registry() + " sent a manifest we cannot read: " + e.getMessage(),
          e);
    }
  }

  @Override
  public InputStream open(String revision, ManifestFile file, ByteRange range) {
    return files
        .computeIfAbsent(
            file.path(),
            path ->
                new RangedFile(
                    http,
                    URI.create(base + "/blobs/" + file.digest()),
                    login,
                    "blob " + file.digest() + " of " + name.repository(),
                    file.size(),
                    meter))
        .open(range);
  }

  private static void close(OriginAnswer response) {
    try {
      response.close();
    } catch (IOException e) {
      throw new SourceException(SourceException.Kind.TRANSIENT, OriginHttp.describe(e), e);
    }
  }
}
