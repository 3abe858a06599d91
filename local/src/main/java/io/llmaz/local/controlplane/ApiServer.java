package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kubernetes API over HTTP: who asks, what for, and the answer. */
final class ApiServer {
  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);

  private final ObjectApi objects;
  private final ObjectRequests requests;
  private final Subresources subresources;
  private final Tokens tokens;
  private final Rbac rbac;
  private final Reviews reviews;
  private final Discovery discovery;
  private final AggregatedDiscovery aggregated;
  private final OpenApi openApi;

  ApiServer(ObjectApi objects, CustomKinds customKinds, Tokens tokens, InstantSource clock) {
    this.objects = objects;
    this.requests = new ObjectRequests(objects, customKinds, clock);
    this.subresources = new Subresources(objects, tokens);
    this.tokens = tokens;
    this.rbac = new Rbac(objects.store());
    this.reviews = new Reviews(tokens, rbac);
    this.discovery = new Discovery(objects.types());
    this.aggregated = new AggregatedDiscovery(discovery);
    this.openApi = new OpenApi(objects.types());
  }

  void setPodLogs(PodLogs logs) {
    subresources.setPodLogs(logs);
  }

  void handle(HttpExchange exchange) {
    try (exchange) {
      try {
        serve(exchange);
      } catch (ApiException e) {
        Answers.json(exchange, e.code(), e.status());
      } catch (RuntimeException e) {
        log.error("{} {}", exchange.getRequestMethod(), exchange.getRequestURI().getPath(), e);
        Answers.json(
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
    if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
      // Not spoken here. A client that tries it for a watch takes an answer that ends for that, and
      // asks again over HTTP at once; a refusal it would try again for a minute.
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.equals("/healthz") || path.equals("/readyz") || path.equals("/livez")) {
      Answers.text(exchange, "ok");
      return;
    }
    if ((path.equals("/api") || path.equals("/apis"))
        && AggregatedDiscovery.wanted(
            String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of())))) {
      Answers.json(
          exchange,
          200,
          path.equals("/api") ? aggregated.core() : aggregated.groups(),
          AggregatedDiscovery.MEDIA_TYPE);
      return;
    }
    Optional<ObjectNode> document = discovery.answer(path).or(openApiAnswer(path));
    if (document.isPresent()) {
      Answers.json(exchange, 200, document.get());
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
      Answers.notFound(exchange);
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
      Answers.json(request.exchange(), 201, review);
      return;
    }
    ResourceType type =
        objects
            .types()
            .find(request.group(), request.version(), request.resource())
            .orElseThrow(ApiServer::unknownResource);
    authorise(request, user);
    switch (request.subresource()) {
      case "", "status", "finalize" -> requests.serve(request, type);
      case "scale" -> subresources.scale(request, type);
      case "log" -> subresources.log(request);
      case "token" -> subresources.token(request);
      case "binding" -> subresources.binding(request, type);
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

  private static ApiException unknownResource() {
    return ApiException.unknownResource();
  }
}
