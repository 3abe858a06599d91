package io.llmaz.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model repository of the Hugging Face Hub, or of a mirror that speaks its API.
 *
 * <ol>
 *   <li>{@code GET /api/models/<id>/revision/<revision>} names the commit.
 *   <li>{@code GET /api/models/<id>/tree/<commit>?recursive=true}, page by page ({@code Link:
 *       rel="next"}), lists files with size and git id; large ones with the sha256 of their content
 *       ({@code lfs.oid}).
 *   <li>{@code GET /<id>/resolve/<commit>/<path>} gives a small file, and redirects to a signed
 *       address for a large one.
 * </ol>
 *
 * Source: huggingface.co/docs/hub/api. The token is sent to the hub's own host only.
 */
public final class HuggingFaceSource implements Source {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

  private final OriginHttp http;
  private final URI endpoint;
  private final HubReference reference;
  private final Supplier<Optional<String>> token;
  private final OriginHttp.Meter meter;
  private final Map<String, RangedFile> files = new ConcurrentHashMap<>();

  /**
   * A repository.
   *
   * @param endpoint of the hub, as in {@code HF_ENDPOINT}
   * @param token asked at each request; empty for public access
   */
  public HuggingFaceSource(
      OriginHttp http,
      URI endpoint,
      HubReference reference,
      Supplier<Optional<String>> token,
      OriginHttp.Meter meter) {
    this.http = http;
    this.endpoint = endpoint;
    this.reference = reference;
    this.token = token;
    this.meter = meter;
  }

  @Override
  public Manifest resolve() {
    JsonNode info =
        json(
            at("/api/models/" + reference.modelId() + "/revision/" + segment(reference.revision())),
            "revision " + reference.revision() + " of " + reference.modelId());
    String commit = info.path("sha").asText("");
    if (commit.isEmpty()) {
      throw new SourceException(
          SourceException.Kind.BUG,
          endpoint.getHost() + " names no commit of " + reference.modelId());
    }
    FilePatterns patterns = reference.patterns();
    List<ManifestFile> wanted = new ArrayList<>();
    Optional<URI> page =
        Optional.of(
            at("/api/models/" + reference.modelId() + "/tree/" + commit + "?recursive=true"));
    while (page.isPresent()) {
      page = readPage(page.get(), patterns, wanted);
    }
    if (wanted.isEmpty()) {
      throw new SourceException(
          SourceException.Kind.USER,
          "no file of "
              + reference.modelId()
              + " at "
              + reference.revision()
              + " is left by "
              + (reference.filename() != null
                  ? "filename " + reference.filename()
                  : "the patterns: allow "
                      + reference.allowPatterns()
                      + ", ignore "
                      + reference.ignorePatterns()));
    }
    return new Manifest("hf://" + reference.modelId(), commit, wanted);
  }

  private Optional<URI> readPage(URI page, FilePatterns patterns, List<ManifestFile> wanted) {
    OriginAnswer response = ask(page, "the file list of " + reference.modelId());
    for (JsonNode entry : parse(response, page)) {
      String path = entry.path("path").asText();
      if (entry.path("type").asText().equals("file") && reference.wants(patterns, path)) {
        wanted.add(file(entry, path));
      }
    }
    return response
        .headers()
        .firstValue("Link")
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .map(matcher -> sameHub(page.resolve(matcher.group(1))));
  }

  private URI sameHub(URI next) {
    if (!endpoint.getHost().equals(next.getHost()) || endpoint.getPort() != next.getPort()) {
      throw new SourceException(
          SourceException.Kind.BUG,
          endpoint.getHost() + " continues its file list at another host: " + next.getHost());
    }
    return next;
  }

  private ManifestFile file(JsonNode entry, String path) {
    try {
      JsonNode lfs = entry.path("lfs");
      return lfs.hasNonNull("oid")
          ? ManifestFile.verified(
              path, lfs.path("size").asLong(), Digest.sha256(lfs.path("oid").asText()))
          : ManifestFile.verified(
              path,
              entry.path("size").asLong(),
              new Digest(Digest.Algorithm.GIT_SHA1, entry.path("oid").asText()));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          SourceException.Kind.USER,
          reference.modelId() + " holds a file we refuse: " + e.getMessage(),
          e);
    }
  }

  @Override
  public InputStream open(String revision, ManifestFile file, ByteRange range) {
    return files
        .computeIfAbsent(
            revision + ":" + file.path(),
            key ->
                new RangedFile(
                    http,
                    address(revision, file.path()),
                    new HubCredentials(revision),
                    file.path() + " of " + reference.modelId(),
                    file.size(),
                    meter))
        .open(range);
  }

  /** The hub's own address of a file, which redirects to a signed one when the file is large. */
  public URI address(String revision, String path) {
    return at(
        "/"
            + reference.modelId()
            + "/resolve/"
            + revision
            + "/"
            + Arrays.stream(path.split("/"))
                .map(HuggingFaceSource::segment)
                .collect(Collectors.joining("/")));
  }

  private JsonNode json(URI uri, String what) {
    return parse(ask(uri, what), uri);
  }

  private OriginAnswer ask(URI uri, String what) {
    OriginAnswer response = http.get(uri, new HubCredentials("").headers(), meter);
    int status = response.statusCode();
    if (status == 200) {
      return response;
    }
    String code = response.headers().firstValue("X-Error-Code").orElse("");
    close(response);
    if (status == 401 || status == 403) {
      throw new HubCredentials("").refused(status);
    }
    if (code.equals("RevisionNotFound") || code.equals("RepoNotFound")) {
      throw new SourceException(
          SourceException.Kind.USER,
          endpoint.getHost()
              + (code.equals("RepoNotFound")
                  ? " has no repository " + reference.modelId()
                  : " has no branch, tag or commit \""
                      + reference.revision()
                      + "\" of "
                      + reference.modelId()));
    }
    if (status == 404) {
      throw new SourceException(
          SourceException.Kind.USER, endpoint.getHost() + " has no " + what + " (404)");
    }
    throw new SourceException(
        SourceException.Kind.BUG, endpoint.getHost() + " answered " + status + " for " + what);
  }

  private JsonNode parse(OriginAnswer response, URI uri) {
    try (InputStream body = response.body()) {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          uri.getHost() + " broke off or sent no JSON: " + OriginHttp.describe(e),
          e);
    }
  }

  private static void close(OriginAnswer response) {
    try {
      response.close();
    } catch (IOException e) {
      throw new SourceException(SourceException.Kind.TRANSIENT, OriginHttp.describe(e), e);
    }
  }

  private URI at(String path) {
    String base = endpoint.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private final class HubCredentials implements RangedFile.Credentials {
    private final String commit;

    /** For files of a commit; empty for questions that are not about one. */
    HubCredentials(String commit) {
      this.commit = commit;
    }

    /** The hub names the commit that it serves a file of ({@code X-Repo-Commit}). */
    @Override
    public void check(HttpHeaders answer) {
      answer
          .firstValue("X-Repo-Commit")
          .filter(served -> !served.equals(commit))
          .ifPresent(served -> {
            throw new SourceException(
                SourceException.Kind.BUG,
                "%s answers with commit %s of %s, not with %s"
                    .formatted(endpoint.getHost(), served, reference.modelId(), commit));
          });
    }

    @Override
    public Map<String, String> headers() {
      return token.get().map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of());
    }

    @Override
    public SourceException refused(int status) {
      return new SourceException(
          SourceException.Kind.USER,
          endpoint.getHost()
              + " refuses "
              + reference.modelId()
              + " ("
              + status
              + "): "
              + (token.get().isPresent()
                  ? "the token has no access to it"
                  : "it is private or gated, or does not exist, and there is no token"));
    }
  }
}
