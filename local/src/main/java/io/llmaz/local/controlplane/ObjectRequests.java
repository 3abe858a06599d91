package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Requests for objects themselves: get, list, watch, create, update, patch, delete. */
final class ObjectRequests {
  /** Kinds whose deletion is answered with the object. */
  private static final Set<String> RETURNED =
      Set.of("services", "pods", "serviceaccounts", "namespaces");

  private final ObjectApi objects;
  private final CustomKinds customKinds;
  private final Tables tables;
  private final InstantSource clock;

  ObjectRequests(ObjectApi objects, CustomKinds customKinds, InstantSource clock) {
    this.objects = objects;
    this.customKinds = customKinds;
    this.tables = new Tables(clock);
    this.clock = clock;
  }

  void serve(ApiRequest request, ResourceType type) throws IOException {
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
      throw Patches.unsupported();
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
            live -> Patches.by(type, format, live, patch));
    one(request, type, changed, 200);
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
      Answers.json(request.exchange(), 200, Lists.of(type, items, version));
      return;
    }
    ObjectNode deleted = objects.delete(type, request.namespace(), request.name(), options, dry);
    if (RETURNED.contains(type.qualified())
        || (Meta.deleting(deleted) && Meta.hasFinalizers(deleted))) {
      Answers.json(request.exchange(), 200, deleted);
    } else {
      ObjectNode status = Answers.success();
      ObjectNode details = status.putObject("details").put("name", request.name());
      if (!type.group().isEmpty()) {
        details.put("group", type.group());
      }
      details.put("kind", type.plural()).put("uid", Meta.uid(deleted));
      Answers.json(request.exchange(), 200, status);
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
      Answers.json(request.exchange(), 200, table);
      return;
    }
    ObjectNode list = Lists.of(type, page, version);
    Lists.mark(Meta.of(list), end, items.size());
    Answers.json(request.exchange(), 200, list);
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
    Answers.json(
        request.exchange(),
        code,
        request.wantsTable()
            ? tables.table(type, List.of(object), Meta.text(object, "resourceVersion"))
            : object);
  }
}
