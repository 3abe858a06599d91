package io.llmaz.local.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The Hugging Face Hub API for models: {@code /api/models/<id>}, {@code .../tree/<rev>} and {@code
 * /<id>/resolve/<rev>/<path>}.
 *
 * <p>As on huggingface.co, a gated repository shows its listing to everyone and its files to those
 * with access; {@code X-Error-Code} and {@code X-Error-Message} tell the cases apart.
 */
final class HubApi implements HubExchange.Handler {
  private static final int MOST_IN_PAGE = 1000;

  private final Repositories repositories;
  private final SignedLinks links;
  private final Supplier<URI> self;
  private final Supplier<URI> contentHost;

  HubApi(
      Repositories repositories, SignedLinks links, Supplier<URI> self, Supplier<URI> contentHost) {
    this.repositories = repositories;
    this.links = links;
    this.self = self;
    this.contentHost = contentHost;
  }

  /** An answer other than 200, as the hub words it. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    final int status;
    final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  @Override
  public void handle(HubExchange exchange) throws IOException {
    List<String> path = Address.segments(exchange.rawPath());
    try {
      if (path.size() >= 4 && path.get(0).equals("api") && path.get(1).equals("models")) {
        api(exchange, path.get(2) + "/" + path.get(3), path.subList(4, path.size()));
      } else if (path.size() >= 5 && path.get(2).equals("resolve")) {
        resolve(exchange, path);
      } else {
        throw new Refusal(404, "NotFound", "Sorry, we can't find the page you are looking for.");
      }
    } catch (Refusal refusal) {
      exchange.header("X-Error-Code", refusal.code);
      exchange.header("X-Error-Message", String.valueOf(refusal.getMessage()));
      exchange.json(refusal.status, Map.of("error", String.valueOf(refusal.getMessage())));
    }
  }

  private RepositorySnapshot find(HubExchange exchange, String id, String revision) throws Refusal {
    if (repositories.main(id).isEmpty()) {
      // Who is not known may not learn which private repositories there are.
      throw exchange.requestHeader("Authorization") == null
          ? new Refusal(401, "RepoNotFound", "Invalid username or password.")
          : new Refusal(404, "RepoNotFound", "Repository not found");
    }
    return repositories
        .at(id, revision)
        .orElseThrow(() -> new Refusal(404, "RevisionNotFound", "Invalid rev id: " + revision));
  }

  private void api(HubExchange exchange, String id, List<String> rest) throws IOException, Refusal {
    if (rest.isEmpty() || (rest.getFirst().equals("revision") && rest.size() == 2)) {
      exchange.json(200, model(find(exchange, id, rest.isEmpty() ? "main" : rest.get(1))));
    } else if (rest.getFirst().equals("tree") && rest.size() >= 2) {
      RepositorySnapshot repository = find(exchange, id, rest.get(1));
      tree(exchange, repository, String.join("/", rest.subList(2, rest.size())));
    } else {
      throw new Refusal(404, "NotFound", "Not found");
    }
  }

  private static Map<String, Object> model(RepositorySnapshot repository) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", repository.repository().id());
    model.put("modelId", repository.repository().id());
    model.put("sha", repository.commit());
    model.put("private", false);
    model.put("disabled", false);
    model.put("gated", repository.repository().token().isPresent() ? "manual" : false);
    model.put(
        "siblings",
        repository.files().keySet().stream().map(path -> Map.of("rfilename", path)).toList());
    return model;
  }

  private void tree(HubExchange exchange, RepositorySnapshot repository, String folder)
      throws IOException, Refusal {
    Map<String, String> query = Address.query(exchange.rawQuery());
    boolean recursive = Boolean.parseBoolean(query.getOrDefault("recursive", "false"));
    int limit = limit(query.getOrDefault("limit", String.valueOf(MOST_IN_PAGE)));
    String prefix = folder.isEmpty() ? "" : folder + "/";
    NavigableSet<String> all = entries(repository, prefix, recursive);
    if (all.isEmpty()) {
      throw new Refusal(404, "EntryNotFound", folder + " does not exist on the revision");
    }
    Collection<String> from =
        query.containsKey("cursor") ? all.tailSet(query.get("cursor"), false) : all;
    List<String> page = from.stream().limit(limit).toList();
    if (page.size() < from.size()) {
      exchange.header("Link", next(exchange, recursive, limit, page.getLast()));
    }
    List<Object> listing = new ArrayList<>();
    page.forEach(path -> listing.add(entry(exchange, repository, path)));
    exchange.json(200, listing);
  }

  private static int limit(String text) throws Refusal {
    try {
      return Math.clamp(Integer.parseInt(text), 1, MOST_IN_PAGE);
    } catch (NumberFormatException e) {
      throw new Refusal(400, "BadRequest", "limit is not a number: " + text);
    }
  }

  private String next(HubExchange exchange, boolean recursive, int limit, String cursor) {
    return "<%s?recursive=%s&limit=%d&cursor=%s>; rel=\"next\""
        .formatted(
            self.get().resolve(exchange.rawPath()),
            recursive,
            limit,
            URLEncoder.encode(cursor, StandardCharsets.UTF_8));
  }

  /** Files below a prefix; folders too, as a listing has them. */
  private static NavigableSet<String> entries(
      RepositorySnapshot repository, String prefix, boolean recursive) {
    NavigableSet<String> entries = new TreeSet<>();
    for (String path : repository.files().keySet()) {
      if (!path.startsWith(prefix)) {
        continue;
      }
      int slash = path.indexOf('/', prefix.length());
      if (slash < 0 || recursive) {
        entries.add(path);
      }
      for (; slash >= 0; slash = recursive ? path.indexOf('/', slash + 1) : -1) {
        entries.add(path.substring(0, slash));
      }
    }
    return entries;
  }

  private static Map<String, Object> entry(
      HubExchange exchange, RepositorySnapshot repository, String path) {
    Map<String, Object> entry = new LinkedHashMap<>();
    RepositoryFile file = repository.files().get(path);
    if (file == null) {
      entry.put("type", "directory");
      entry.put("oid", repository.commit());
      entry.put("size", 0);
      entry.put("path", path);
      return entry;
    }
    long size = exchange.told(file.content().size());
    entry.put("type", "file");
    entry.put("oid", file.gitOid());
    entry.put("size", size);
    if (file.isLfs()) {
      int pointerSize =
          RepositoryFile.pointer(file.content().sha256(), file.content().size()).length();
      entry.put(
          "lfs", Map.of("oid", file.content().sha256(), "size", size, "pointerSize", pointerSize));
    }
    entry.put("path", path);
    return entry;
  }

  private void resolve(HubExchange exchange, List<String> path) throws IOException, Refusal {
    RepositorySnapshot repository = find(exchange, path.get(0) + "/" + path.get(1), path.get(3));
    authorize(exchange, repository.repository());
    RepositoryFile file = repository.files().get(String.join("/", path.subList(4, path.size())));
    if (file == null) {
      throw new Refusal(404, "EntryNotFound", "Entry not found");
    }
    exchange.header("X-Repo-Commit", repository.commit());
    exchange.header("ETag", "\"" + file.etag() + "\"");
    if (file.isLfs()) {
      exchange.header("X-Linked-Size", Long.toString(exchange.told(file.content().size())));
      exchange.header("X-Linked-Etag", "\"" + file.content().sha256() + "\"");
      exchange.header("Accept-Ranges", "bytes");
      URI link = links.link(contentHost.get(), file.content().sha256());
      exchange.header("Location", link.toString());
      exchange.text(302, "Found. Redirecting to the content host");
    } else {
      exchange.header("Content-Type", "text/plain; charset=utf-8");
      exchange.content(file.content());
    }
  }

  private static void authorize(HubExchange exchange, ModelRepository repository) throws Refusal {
    Optional<String> wanted = repository.token();
    if (wanted.isEmpty()) {
      return;
    }
    String header = exchange.requestHeader("Authorization");
    if (header == null) {
      throw new Refusal(
          401,
          "GatedRepo",
          "Access to model "
              + repository.id()
              + " is restricted. You must have access to it and be authenticated to access it."
              + " Please log in.");
    }
    if (!header.equals("Bearer " + wanted.get())) {
      throw new Refusal(
          403,
          "GatedRepo",
          "Access to model "
              + repository.id()
              + " is restricted and you are not in the authorized list.");
    }
  }
}
