package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What may be done with an object of any kind, with the rules of metadata: versions, generations,
 * finalizers, who may change what through which subresource. Every change is a loop of read, decide
 * and put, repeated when another change came between; so it is safe for many threads.
 */
final class ObjectApi {
  private static final Set<String> SUPPORTED_DRY_RUN = Set.of("All");

  private final ResourceStore store;
  private final ResourceTypes types;
  private final AdmissionPolicies policies;
  private final InstantSource clock;

  /**
   * How a caller wants a change made.
   *
   * @param fieldManager owns what is changed
   * @param subresource empty, {@code status} or {@code scale}
   * @param dryRun empty, or {@code All}
   * @param strict whether unknown fields are an error
   */
  record Options(String fieldManager, String subresource, String dryRun, boolean strict) {
    Options {
      if (!dryRun.isEmpty() && !SUPPORTED_DRY_RUN.contains(dryRun)) {
        throw ApiException.badRequest("unsupported dryRun: " + dryRun);
      }
    }

    boolean dry() {
      return !dryRun.isEmpty();
    }
  }

  ObjectApi(ResourceStore store, ResourceTypes types, InstantSource clock) {
    this.store = store;
    this.types = types;
    this.policies = new AdmissionPolicies(store);
    this.clock = clock;
  }

  ObjectNode get(ResourceType type, String namespace, String name) {
    return store
        .get(ResourceStore.Key.of(type, namespace, name))
        .map(object -> EventForms.as(type, object))
        .orElseThrow(() -> ApiException.notFound(type, name));
  }

  ObjectNode create(ResourceType type, String namespace, ObjectNode object, Options options) {
    ObjectNode metadata = Meta.of(object);
    if (Meta.name(object).isEmpty()) {
      String prefix = Meta.text(object, "generateName");
      if (prefix.isEmpty()) {
        throw ApiException.invalid(
            type,
            "",
            List.of(
                new ApiException.Cause(
                    "FieldValueRequired",
                    "metadata.name",
                    "Required value: name or generateName is required")));
      }
      metadata.put("name", prefix + UUID.randomUUID().toString().substring(0, 5));
    }
    String name = Meta.name(object);
    Names.check(type, name);
    requireNamespace(type, namespace);
    if (store.get(ResourceStore.Key.of(type, namespace, name)).isPresent()) {
      throw ApiException.alreadyExists(type, name);
    }
    identify(type, namespace, object);
    if (type.custom() && type.status()) {
      object.remove("status");
    }
    metadata.put("generation", 1);
    metadata.remove("managedFields");
    admit(type, object, MissingNode.getInstance(), "CREATE", options);
    ObjectNode nothing = Json.object();
    apply(type)
        .updated(
            nothing,
            object,
            ManagedFields.Owner.updating(options.fieldManager(), options.subresource()),
            clock.instant());
    if (options.dry()) {
      return object;
    }
    return store
        .put(ResourceStore.Key.of(type, namespace, name), 0, object)
        .orElseThrow(() -> ApiException.alreadyExists(type, name));
  }

  ObjectNode update(
      ResourceType type, String namespace, String name, ObjectNode object, Options options) {
    String seen = Meta.text(object, "resourceVersion");
    return change(
        type,
        namespace,
        name,
        options,
        live -> {
          if (!seen.isEmpty() && !seen.equals(Meta.text(live, "resourceVersion"))) {
            throw ApiException.conflict(type, name);
          }
          return object.deepCopy();
        });
  }

  /** Changes the live object by a function, as often as it takes. */
  ObjectNode change(
      ResourceType type,
      String namespace,
      String name,
      Options options,
      UnaryOperator<ObjectNode> change) {
    while (true) {
      ObjectNode live = get(type, namespace, name);
      ObjectNode next = change.apply(live.deepCopy());
      String wanted = Meta.text(next, "resourceVersion");
      if (!wanted.isEmpty() && !wanted.equals(Meta.text(live, "resourceVersion"))) {
        throw ApiException.conflict(type, name);
      }
      restrict(type, live, next, options);
      admit(type, next, live, "UPDATE", options);
      apply(type)
          .updated(
              live,
              next,
              ManagedFields.Owner.updating(options.fieldManager(), options.subresource()),
              clock.instant());
      Optional<ObjectNode> stored = settle(type, live, next, options);
      if (stored.isPresent()) {
        return stored.get();
      }
    }
  }

  /** An applied object and whether it was created. */
  record Applied(ObjectNode object, boolean created) {}

  Applied applyServerSide(
      ResourceType type,
      String namespace,
      String name,
      ObjectNode applied,
      Options options,
      boolean force) {
    if (options.fieldManager().isEmpty()) {
      throw ApiException.badRequest("fieldManager is required for apply patch");
    }
    ManagedFields.Owner manager =
        ManagedFields.Owner.applying(options.fieldManager(), options.subresource());
    if (applied.path("metadata").has("managedFields")) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    while (true) {
      Optional<ObjectNode> found =
          store
              .get(ResourceStore.Key.of(type, namespace, name))
              .map(object -> EventForms.as(type, object));
      if (found.isEmpty()) {
        if (!options.subresource().isEmpty() || !Meta.text(applied, "uid").isEmpty()) {
          throw ApiException.notFound(type, name);
        }
        return new Applied(createApplied(type, namespace, name, applied, options, manager), true);
      }
      ObjectNode live = found.get();
      checkVersion(type, name, applied, live);
      ObjectNode next = apply(type).apply(live, applied, manager, force, clock.instant());
      Meta.of(next).put("resourceVersion", Meta.text(live, "resourceVersion"));
      restrict(type, live, next, options);
      admit(type, next, live, "UPDATE", options);
      Optional<ObjectNode> stored = settle(type, live, next, options);
      if (stored.isPresent()) {
        return new Applied(stored.get(), false);
      }
    }
  }

  private ObjectNode createApplied(
      ResourceType type,
      String namespace,
      String name,
      ObjectNode applied,
      Options options,
      ManagedFields.Owner manager) {
    Names.check(type, name);
    requireNamespace(type, namespace);
    ObjectNode object = apply(type).apply(Json.object(), applied, manager, true, clock.instant());
    Meta.of(object).put("name", name);
    identify(type, namespace, object);
    if (type.custom() && type.status()) {
      object.remove("status");
    }
    Meta.of(object).put("generation", 1);
    admit(type, object, MissingNode.getInstance(), "CREATE", options);
    if (options.dry()) {
      return object;
    }
    return store
        .put(ResourceStore.Key.of(type, namespace, name), 0, object)
        .orElseThrow(() -> ApiException.conflict(type, name));
  }

  private static void checkVersion(
      ResourceType type, String name, ObjectNode wanted, ObjectNode live) {
    String version = Meta.text(wanted, "resourceVersion");
    if (!version.isEmpty() && !version.equals(Meta.text(live, "resourceVersion"))) {
      throw ApiException.conflict(type, name);
    }
  }

  /**
   * Deletes, or marks for deletion while finalizers are there.
   *
   * @param body DeleteOptions; may be empty
   */
  ObjectNode delete(ResourceType type, String namespace, String name, JsonNode body, boolean dry) {
    while (true) {
      ObjectNode live = get(type, namespace, name);
      JsonNode conditions = body.path("preconditions");
      if ((conditions.has("uid") && !conditions.path("uid").asText().equals(Meta.uid(live)))
          || (conditions.has("resourceVersion")
              && !conditions
                  .path("resourceVersion")
                  .asText()
                  .equals(Meta.text(live, "resourceVersion")))) {
        throw ApiException.conflict(type, name);
      }
      if (dry) {
        return live;
      }
      ResourceStore.Key key = ResourceStore.Key.of(type, namespace, name);
      long seen = Meta.resourceVersion(live);
      Optional<ObjectNode> done;
      if (!Meta.hasFinalizers(live)) {
        done = store.remove(key, seen);
      } else if (Meta.deleting(live)) {
        return live;
      } else {
        Meta.of(live)
            .put("deletionTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("deletionGracePeriodSeconds", 0);
        done = store.put(key, seen, live);
      }
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  /** Puts a changed object, or removes it when its last finalizer went. */
  private Optional<ObjectNode> settle(
      ResourceType type, ObjectNode live, ObjectNode next, Options options) {
    if (options.dry() || sameButTimes(live, next)) {
      return Optional.of(options.dry() ? next : live);
    }
    ResourceStore.Key key = ResourceStore.Key.of(type, Meta.namespace(live), Meta.name(live));
    long seen = Meta.resourceVersion(live);
    return Meta.deleting(next) && !Meta.hasFinalizers(next)
        ? store.put(key, seen, next).flatMap(last -> store.remove(key, Meta.resourceVersion(last)))
        : store.put(key, seen, next);
  }

  /** A change that changes nothing must not make a new version, or controllers never rest. */
  private static boolean sameButTimes(ObjectNode live, ObjectNode next) {
    return live.equals(next);
  }

  /** Keeps what this way of changing may not touch. */
  private static void restrict(
      ResourceType type, ObjectNode live, ObjectNode next, Options options) {
    ObjectNode before = Meta.of(live);
    ObjectNode metadata = Meta.of(next);
    for (String own :
        new String[] {
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "resourceVersion"
        }) {
      keep(before, metadata, own);
    }
    next.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    if (options.subresource().equals("status")) {
      JsonNode status = next.get("status");
      JsonNode managed = metadata.get("managedFields");
      next.removeAll();
      next.setAll(live.deepCopy());
      setOrRemove(next, "status", status);
      setOrRemove(Meta.of(next), "managedFields", managed);
    } else {
      if (type.status() && (type.custom() || isManagedByControllers(type))) {
        setOrRemove(next, "status", live.get("status"));
      }
      if (!withoutMetadata(live).equals(withoutMetadata(next))) {
        metadata.put("generation", before.path("generation").asLong(1) + 1);
      }
    }
  }

  /** Built-in kinds whose status only the status subresource changes. */
  private static boolean isManagedByControllers(ResourceType type) {
    return Set.of("pods", "nodes", "deployments", "replicasets", "horizontalpodautoscalers")
        .contains(type.plural());
  }

  private static void keep(ObjectNode from, ObjectNode to, String field) {
    setOrRemove(to, field, from.get(field));
  }

  private static void setOrRemove(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  private static ObjectNode withoutMetadata(ObjectNode object) {
    ObjectNode rest = object.deepCopy();
    rest.remove("metadata");
    rest.remove("status");
    return rest;
  }

  private void identify(ResourceType type, String namespace, ObjectNode object) {
    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode metadata = Meta.of(object);
    if (type.namespaced()) {
      metadata.put("namespace", namespace);
    } else {
      metadata.remove("namespace");
    }
    metadata
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    metadata.remove("resourceVersion");
    metadata.remove("deletionTimestamp");
  }

  private void requireNamespace(ResourceType type, String namespace) {
    if (type.namespaced()
        && store
            .get(ResourceStore.Key.of(ResourceTypes.NAMESPACES, "", namespace))
            .filter(ns -> !Meta.deleting(ns))
            .isEmpty()) {
      throw ApiException.notFound(ResourceTypes.NAMESPACES, namespace);
    }
  }

  private void admit(
      ResourceType type, ObjectNode object, JsonNode before, String operation, Options options) {
    if (type.custom()) {
      Schema schema = new Schema(type.schema());
      List<String> unknown = schema.prune(object);
      if (options.strict() && !unknown.isEmpty()) {
        throw ApiException.badRequest(
            "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
                .formatted(
                    type.kind(),
                    type.version(),
                    type.kind(),
                    String.join(
                        ", ", unknown.stream().map(f -> "unknown field \"" + f + "\"").toList())));
      }
      schema.setDefaults(object);
      List<ApiException.Cause> causes = schema.validate(object, before);
      type.scale().ifPresent(scale -> Scale.validate(scale, object, causes));
      if (!causes.isEmpty()) {
        throw ApiException.invalid(type, Meta.name(object), causes);
      }
    } else {
      BuiltInDefaults.apply(type, object);
    }
    if (options.subresource().isEmpty()) {
      policies.check(type, operation, object, before);
    }
  }

  private static ServerSideApply apply(ResourceType type) {
    return new ServerSideApply(ListRules.of(type));
  }

  ResourceTypes types() {
    return types;
  }

  ResourceStore store() {
    return store;
  }
}
