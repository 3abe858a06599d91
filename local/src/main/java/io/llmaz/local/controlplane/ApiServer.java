package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kubernetes API over HTTP: who asks, what for, and the answer. */
final class ApiServer {
  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);

  /** Kinds whose deletion is answered with the object. */
  private static final Set<String> RETURNED =
      Set.of("services", "pods", "serviceaccounts", "namespaces");

  private static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private final ObjectApi objects;
  private final CustomKinds customKinds;
  private final Tokens tokens;
  private final Rbac rbac;
  private final Reviews reviews;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Tables tables;
  private final InstantSource clock;
  private volatile PodLogs podLogs = PodLogs.NONE;

  ApiServer(ObjectApi objects, CustomKinds customKinds, Tokens tokens, InstantSource clock) {
    this.objects = objects;
    this.customKinds = customKinds;
    this.tokens = tokens;
    this.rbac = new Rbac(objects.store());
    this.reviews = new Reviews(tokens, rbac);
    this.discovery = new Discovery(objects.types());
    this.openApi = new OpenApi(objects.types());
    this.tables = new Tables(clock);
    this.clock = clock;
  }

  void setPodLogs(PodLogs logs) {
    podLogs = logs;
  }

  void handle(HttpExchange exchange) {
    try (exchange) {
      try {
        serve(exchange);
      } catch (ApiException e) {
        answer(exchange, e.code(), e.status());
      } catch (RuntimeException e) {
        log.error("{} {}", exchange.getRequestMethod(), exchange.getRequestURI().getPath(), e);
        answer(
            exchange,
            500,
            new ApiException(500, "InternalError", "Internal error occurred: " + e).status());
      }
    } catch (IOException gone) {
      log.trace("the client went away", gone);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    User user = authenticate(exchange);
    String path = exchange.getRequestURI().getPath();
    if (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.equals("/healthz") || path.equals("/readyz") || path.equals("/livez")) {
      text(exchange, "ok");
      return;
    }
    Optional<ObjectNode> document = discovery.answer(path).or(openApiAnswer(path));
    if (document.isPresent()) {
      answer(exchange, 200, document.get());
      return;
    }
    @Nullable ApiRequest request =
        ApiRequest.of(exchange)
            .filter(asked ->
                Reviews.serves(asked.group())
                    || objects.types().serves(asked.group(), asked.version()))
            .filter(this::isInItsScope)
            .orElse(null);
    if (request == null) {
      notFound(exchange);
      return;
    }
    serveObjects(request, user);
  }

  /** Kinds of the cluster are not served below a namespace. */
  private boolean isInItsScope(ApiRequest asked) {
    return asked.namespace().isEmpty()
        || objects
            .types()
            .find(asked.group(), asked.version(), asked.resource())
            .filter(type -> type.custom() && !type.namespaced())
            .isEmpty();
  }

  private java.util.function.Supplier<Optional<? extends ObjectNode>> openApiAnswer(String path) {
    return () -> openApi.answer(path);
  }

  private User authenticate(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null) {
      return User.ADMIN;
    }
    return Optional.of(header)
        .filter(h -> h.startsWith("Bearer "))
        .flatMap(h -> tokens.verify(h.substring("Bearer ".length())))
        .filter(verified -> verified.audiences().contains(Tokens.OWN_AUDIENCE))
        .map(Tokens.Verified::user)
        .orElseThrow(() -> new ApiException(401, "Unauthorized", "Unauthorized"));
  }

  private void serveObjects(ApiRequest request, User user) throws IOException {
    if (Reviews.serves(request.group())) {
      authorise(request, user);
      ObjectNode review =
          reviews
              .answer(request.resource(), request.objectBody(), user)
              .orElseThrow(ApiServer::unknownResource);
      answer(request.exchange(), 201, review);
      return;
    }
    ResourceType type =
        objects
            .types()
            .find(request.group(), request.version(), request.resource())
            .orElseThrow(ApiServer::unknownResource);
    authorise(request, user);
    switch (request.subresource()) {
      case "", "status", "finalize" -> serveObject(request, type);
      case "scale" -> serveScale(request, type);
      case "log" -> serveLog(request);
      case "token" -> serveToken(request);
      case "binding" -> serveBinding(request, type);
      default -> throw unknownResource();
    }
  }

  private void authorise(ApiRequest request, User user) {
    String resource =
        request.subresource().isEmpty()
            ? request.resource()
            : request.resource() + "/" + request.subresource();
    Rbac.Access access =
        new Rbac.Access(
            request.verb(), request.group(), resource, request.namespace(), request.name());
    if (!rbac.allows(user, access)) {
      throw ApiException.forbidden(
          "%s \"%s\" is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\"%s"
              .formatted(
                  request.resource(),
                  request.name(),
                  user.name(),
                  access.verb(),
                  resource,
                  request.group(),
                  request.namespace().isEmpty()
                      ? " at the cluster scope"
                      : " in the namespace \"" + request.namespace() + "\""));
    }
  }

  private void serveObject(ApiRequest request, ResourceType type) throws IOException {
    switch (request.method()) {
      case "GET" -> {
        if (request.isWatch()) {
          watch(request, type);
        } else if (request.name().isEmpty()) {
          list(request, type);
        } else {
          one(request, type, objects.get(type, request.namespace(), request.name()), 200);
        }
      }
      case "POST" -> {
        if (!request.name().isEmpty()) {
          throw ApiException.methodNotAllowed(type, "create");
        }
        ObjectNode body = checked(type, request.objectBody(), request);
        customKinds.beforeWrite(type, body);
        ObjectNode created = objects.create(type, request.namespace(), body, request.options());
        one(request, type, created, 201);
      }
      case "PUT" -> {
        if (request.name().isEmpty()) {
          throw ApiException.badRequest("name must be provided");
        }
        ObjectNode body = checked(type, request.objectBody(), request);
        customKinds.beforeWrite(type, body);
        one(
            request,
            type,
            objects.update(type, request.namespace(), request.name(), body, request.options()),
            200);
      }
      case "PATCH" -> patch(request, type);
      case "DELETE" -> delete(request, type);
      default -> throw ApiException.methodNotAllowed(type, request.verb());
    }
  }

  private static ObjectNode checked(ResourceType type, ObjectNode body, ApiRequest request) {
    String apiVersion = body.path("apiVersion").asText(type.custom() ? "" : type.apiVersion());
    String kind = body.path("kind").asText(type.kind());
    if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
      if (request.method().equals("PATCH")) {
        String groupVersion = apiVersion.contains("/") ? apiVersion : "/" + apiVersion;
        throw ApiException.badRequest("invalid object type: " + groupVersion + ", Kind=" + kind);
      }
      if (!apiVersion.equals(type.apiVersion())) {
        throw ApiException.badRequest(
            "the API version in the data (%s) does not match the expected API version (%s)"
                .formatted(apiVersion, type.apiVersion()));
      }
      if (type.custom()) {
        throw ApiException.wrongKind(type, Meta.name(body), type.group(), kind);
      }
      throw ApiException.badRequest(
          "the object is a %s of %s, the address is for a %s of %s"
              .formatted(kind, apiVersion, type.kind(), type.apiVersion()));
    }
    return body;
  }

  private void patch(ApiRequest request, ResourceType type) throws IOException {
    String format = request.header("Content-Type").split(";")[0].trim();
    JsonNode patch = request.body();
    if (type.custom() && format.equals("application/strategic-merge-patch+json")) {
      throw unsupported();
    }
    if (format.equals("application/apply-patch+yaml")) {
      ObjectNode applied = checked(type, (ObjectNode) patch, request);
      customKinds.beforeWrite(type, applied);
      ObjectApi.Applied result =
          objects.applyServerSide(
              type,
              request.namespace(),
              request.name(),
              applied,
              request.options(),
              request.flag("force"));
      one(request, type, result.object(), result.created() ? 201 : 200);
      return;
    }
    ObjectNode changed =
        objects.change(
            type,
            request.namespace(),
            request.name(),
            request.options(),
            live -> patched(type, format, live, patch));
    one(request, type, changed, 200);
  }

  private static ObjectNode patched(
      ResourceType type, String format, ObjectNode live, JsonNode patch) {
    switch (format) {
      case "application/json-patch+json" -> {
        return (ObjectNode) Patches.json(live, patch);
      }
      case "application/merge-patch+json" -> Patches.merge(live, (ObjectNode) patch.deepCopy());
      case "application/strategic-merge-patch+json" -> {
        Patches.strategic(live, (ObjectNode) patch.deepCopy(), ListRules.of(type));
      }
      default -> throw unsupported();
    }
    return live;
  }

  private static ApiException unsupported() {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json-patch+json, application/merge-patch+json,"
            + " application/apply-patch+yaml");
  }

  private void delete(ApiRequest request, ResourceType type) throws IOException {
    JsonNode options = request.body();
    boolean dry = !request.parameter("dryRun").isEmpty() || !options.path("dryRun").isEmpty();
    checkPropagation(options.path("propagationPolicy").asText(""));
    if (request.name().isEmpty()) {
      if (type == ResourceTypes.NAMESPACES) {
        throw ApiException.methodNotAllowed(type, "deletecollection");
      }
      List<ObjectNode> items = selected(request, type);
      String version = Long.toString(objects.store().version());
      for (ObjectNode item : items) {
        objects.delete(type, Meta.namespace(item), Meta.name(item), Json.object(), dry);
      }
      answer(request.exchange(), 200, Lists.of(type, items, version));
      return;
    }
    ObjectNode deleted = objects.delete(type, request.namespace(), request.name(), options, dry);
    if (RETURNED.contains(type.qualified())
        || (Meta.deleting(deleted) && Meta.hasFinalizers(deleted))) {
      answer(request.exchange(), 200, deleted);
    } else {
      ObjectNode status = success();
      ObjectNode details = status.putObject("details").put("name", request.name());
      if (!type.group().isEmpty()) {
        details.put("group", type.group());
      }
      details.put("kind", type.plural()).put("uid", Meta.uid(deleted));
      answer(request.exchange(), 200, status);
    }
  }

  private static void checkPropagation(String policy) {
    if (!List.of("", "Foreground", "Background", "Orphan").contains(policy)) {
      throw ApiException.invalidOptions(
          "DeleteOptions",
          new ApiException.Cause(
              "FieldValueNotSupported",
              "propagationPolicy",
              "Unsupported value: \""
                  + policy
                  + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
    }
  }

  private static ObjectNode success() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success");
  }

  private void list(ApiRequest request, ResourceType type) throws IOException {
    ResourceStore.Listing listing = objects.store().list(type, request.namespace());
    Predicate<JsonNode> selector = selector(request, type);
    request.resourceVersion();
    List<ObjectNode> items = new ArrayList<>(listing.items().stream().filter(selector).toList());
    String version = Long.toString(listing.version());
    int offset = request.parameter("continue").isEmpty() ? 0 : Lists.offset(request);
    int limit =
        request.parameter("limit").isEmpty() ? 0 : Integer.parseInt(request.parameter("limit"));
    int end = limit > 0 ? Math.min(items.size(), offset + limit) : items.size();
    List<ObjectNode> page = items.subList(Math.min(offset, end), end);
    if (request.wantsTable()) {
      ObjectNode table = tables.table(type, page, version);
      Lists.mark(Meta.of(table), end, items.size());
      answer(request.exchange(), 200, table);
      return;
    }
    ObjectNode list = Lists.of(type, page, version);
    Lists.mark(Meta.of(list), end, items.size());
    answer(request.exchange(), 200, list);
  }

  private List<ObjectNode> selected(ApiRequest request, ResourceType type) {
    return objects.store().list(type, request.namespace()).items().stream()
        .filter(selector(request, type))
        .toList();
  }

  private static Predicate<JsonNode> selector(ApiRequest request, ResourceType type) {
    return Selector.labels(request.parameter("labelSelector"))
        .and(Selector.fields(request.parameter("fieldSelector"), type));
  }

  private void watch(ApiRequest request, ResourceType type) throws IOException {
    new WatchStream(request, type, objects.store(), tables, clock, selector(request, type)).run();
  }

  private void one(ApiRequest request, ResourceType type, ObjectNode object, int code)
      throws IOException {
    answer(
        request.exchange(),
        code,
        request.wantsTable()
            ? tables.table(type, List.of(object), Meta.text(object, "resourceVersion"))
            : object);
  }

  private void serveScale(ApiRequest request, ResourceType type) throws IOException {
    if (type.scale().isEmpty() && !type.custom()) {
      throw unknownResource();
    }
    ObjectNode object = objects.get(type, request.namespace(), request.name());
    if (type.scale().isEmpty()) {
      throw unknownResource();
    }
    if (!request.method().equals("GET")) {
      JsonNode body = request.body();
      String format = request.header("Content-Type");
      ObjectApi.Options options = request.options();
      ObjectApi.Options plain =
          new ObjectApi.Options(options.fieldManager(), "scale", options.dryRun(), false);
      object =
          objects.change(
              type,
              request.namespace(),
              request.name(),
              plain,
              live -> {
                ObjectNode scale = Scale.of(type, live);
                if (format.contains("json-patch")) {
                  scale = (ObjectNode) Patches.json(scale, body);
                } else {
                  Patches.merge(scale, (ObjectNode) body.deepCopy());
                }
                Scale.writeTo(type, live, scale);
                return live;
              });
    }
    answer(request.exchange(), 200, Scale.of(type, object));
  }

  private void serveLog(ApiRequest request) throws IOException {
    objects.get(ResourceTypes.PODS, request.namespace(), request.name());
    request.exchange().getResponseHeaders().set("Content-Type", "text/plain");
    request.exchange().sendResponseHeaders(200, 0);
    try (OutputStream out = request.exchange().getResponseBody()) {
      podLogs.copy(
          request.namespace(),
          request.name(),
          request.parameter("container"),
          request.flag("follow"),
          out);
    }
  }

  private void serveToken(ApiRequest request) throws IOException {
    objects.get(ResourceTypes.SERVICE_ACCOUNTS, request.namespace(), request.name());
    ObjectNode body = request.objectBody();
    List<String> audiences = new ArrayList<>();
    body.path("spec").path("audiences").forEach(audience -> audiences.add(audience.asText()));
    Duration life =
        Duration.ofSeconds(
            body.path("spec").path("expirationSeconds").asLong(TOKEN_LIFE.toSeconds()));
    Tokens.Issued issued = tokens.issue(request.namespace(), request.name(), audiences, life);
    body.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    body.putObject("status")
        .put("token", issued.token())
        .put("expirationTimestamp", issued.expires().toString());
    answer(request.exchange(), 201, body);
  }

  private void serveBinding(ApiRequest request, ResourceType type) throws IOException {
    String node = request.objectBody().path("target").path("name").asText();
    objects.change(
        type,
        request.namespace(),
        request.name(),
        new ObjectApi.Options("scheduler", "", "", false),
        pod -> {
          Json.child(pod, "spec").put("nodeName", node);
          return pod;
        });
    answer(request.exchange(), 201, success());
  }

  private static ApiException unknownResource() {
    return ApiException.unknownResource();
  }

  /** Outside of what is served at all, the answer is no object. */
  private static void notFound(HttpExchange exchange) throws IOException {
    byte[] bytes = "404 page not found\n".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(404, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void text(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
    byte[] bytes = Json.bytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
