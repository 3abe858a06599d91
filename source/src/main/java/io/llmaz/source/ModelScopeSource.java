package io.llmaz.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A model repository of ModelScope.
 *
 * <ol>
 *   <li>{@code GET /api/v1/models/<id>/repo/files?Revision=<branch or tag>&Recursive=true} lists
 *       files with size and sha256.
 *   <li>{@code GET /models/<id>/resolve/<branch or tag>/<path>} gives a file, for a large one by a
 *       redirect to a signed address.
 * </ol>
 *
 * The listing names no commit of the repository, so the revision is the digest of the listing, and
 * a file that changes under us is caught by its sha256. {@code main}, which llmaz writes where a
 * user names no revision, means the hub's default branch, which is {@code master}.
 */
public final class ModelScopeSource implements Source {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OriginHttp http;
  private final String base;
  private final HubReference reference;
  private final String branch;
  private final Supplier<Optional<String>> token;
  private final OriginHttp.Meter meter;
  private final Map<String, RangedFile> files = new ConcurrentHashMap<>();

  /**
   * A repository.
   *
   * @param token asked at each request; empty for public access
   */
  public ModelScopeSource(
      OriginHttp http,
      URI endpoint,
      HubReference reference,
      Supplier<Optional<String>> token,
      OriginHttp.Meter meter) {
    this.http = http;
    this.base = endpoint.toString().replaceAll("/+$", "");
    this.reference = reference;
    this.branch = reference.revision().equals("main") ? "master" : reference.revision();
    this.token = token;
    this.meter = meter;
  }

  @Override
  public Manifest resolve() {
    FilePatterns patterns = reference.patterns();
    List<ManifestFile> wanted = new ArrayList<>();
    for (JsonNode entry : listing().path("Data").path("Files")) {
      String path = entry.path("Path").asText();
      if (entry.path("Type").asText().equals("blob") && reference.wants(patterns, path)) {
        wanted.add(file(entry, path));
      }
    }
    String shown = "modelscope://" + reference.modelId();
    if (wanted.isEmpty()) {
      throw new SourceException(
          SourceException.Kind.USER,
          "no file of " + shown + " at " + branch + " is left by the patterns");
    }
    Manifest unnamed = new Manifest(shown, "", wanted);
    return new Manifest(shown, ManifestJson.identity(unnamed).toString(), wanted);
  }

  private ManifestFile file(JsonNode entry, String path) {
    try {
      String sha256 = entry.path("Sha256").asText("");
      long size = entry.path("Size").asLong();
      return sha256.isEmpty()
          ? ManifestFile.unverified(
              path, size, address(path) + "#" + entry.path("Revision").asText())
          : ManifestFile.verified(path, size, Digest.sha256(sha256));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          SourceException.Kind.USER,
          reference.modelId() + " holds a file we refuse: " + e.getMessage(),
          e);
    }
  }

  private JsonNode listing() {
    URI uri =
        URI.create(
            base
                + "/api/v1/models/"
                + reference.modelId()
                + "/repo/files?Recursive=true&Revision="
                + SigV4.encode(branch));
    ModelScopeToken credentials = new ModelScopeToken();
    OriginAnswer answer = http.get(uri, credentials.headers(), meter);
    try (InputStream body = answer.body()) {
      int status = answer.statusCode();
      if (status == 401 || status == 403) {
        throw credentials.refused(status);
      }
      if (status == 404) {
        throw new SourceException(
            SourceException.Kind.USER,
            uri.getHost() + " has no " + reference.modelId() + " with branch or tag " + branch);
      }
      JsonNode json = status == 200 ? JSON.readTree(body) : null;
      if (json == null || json.path("Code").asInt() != 200) {
        throw new SourceException(
            SourceException.Kind.BUG,
            uri.getHost() + " answered " + status + " for the files of " + reference.modelId());
      }
      return json;
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          uri.getHost() + " broke off or sent no JSON: " + OriginHttp.describe(e),
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
                    address(path),
                    new ModelScopeToken(),
                    path + " of " + reference.modelId(),
                    file.size(),
                    meter))
        .open(range);
  }

  private URI address(String path) {
    return URI.create(
        base
            + "/models/"
            + reference.modelId()
            + "/resolve/"
            + SigV4.encode(branch)
            + "/"
            + Arrays.stream(path.split("/")).map(SigV4::encode).collect(Collectors.joining("/")));
  }

  private final class ModelScopeToken implements RangedFile.Credentials {
    @Override
    public Map<String, String> headers() {
      return token.get().map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of());
    }

    @Override
    public SourceException refused(int status) {
      return new SourceException(
          SourceException.Kind.USER,
          "ModelScope refuses "
              + reference.modelId()
              + " ("
              + status
              + "): "
              + (token.get().isPresent()
                  ? "the token has no access to it"
                  : "it is private or does not exist, and there is no token"));
    }
  }
}
