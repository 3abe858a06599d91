package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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
  private static final Map<String, String> PROPAGATION_FINALIZERS =
      Map.of("Orphan", Meta.ORPHAN, "Foreground", Meta.FOREGROUND);
  private static final Set<String> COUNTED =
      Set.of(
          "deployments",
          "replicasets",
          "pods",
          "poddisruptionbudgets",
          "customresourcedefinitions",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings");

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
    Preconditions.same(namespace, Meta.namespace(object), "namespace");
    Names.check(type, name);
    requireNamespace(type, namespace);
    Optional<ObjectNode> existing = store.get(ResourceStore.Key.of(type, namespace, name));
    if (existing.isPresent()) {
      throw ApiException.alreadyExists(type, name, Meta.deleting(existing.get()));
    }
    identify(type, namespace, object);
    if (type.custom() && type.status()) {
      object.remove("status");
    }
    metadata.remove("generation");
    if (hasGeneration(type)) {
      metadata.put("generation", 1);
    }
    metadata.remove("managedFields");
    prepare(type, object, options);
    admit(type, object, MissingNode.getInstance(), "CREATE", options);
    apply(type)
        .updated(
            BuiltInDefaults.nothing(type),
            object,
            ManagedFields.Owner.updating(options.fieldManager(), options.subresource()),
            clock.instant());
    BuiltInDefaults.status(type, object);
    if (options.dry()) {
      return EventForms.as(type, object);
    }
    return store
        .put(ResourceStore.Key.of(type, namespace, name), 0, object)
        .map(stored -> EventForms.as(type, stored))
        .orElseThrow(() -> ApiException.alreadyExists(type, name, false));
  }

  ObjectNode update(
      ResourceType type, String namespace, String name, ObjectNode object, Options options) {
    String seen = Meta.text(object, "resourceVersion");
    Preconditions.same(namespace, Meta.namespace(object), "namespace");
    if (!Meta.name(object).equals(name)) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(Meta.name(object), name));
    }
    if (seen.isEmpty() && (type.custom() || type.plural().equals("leases"))) {
      get(type, namespace, name);
      throw ApiException.versionRequired(type, name);
    }
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
      prepare(type, next, options);
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
    ManagedFields.Owner manager =
        ManagedFields.Owner.applying(options.fieldManager(), options.subresource());
    if (applied.path("metadata").has("managedFields")) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    keepItsPart(type, applied, options);
    while (true) {
      Optional<ObjectNode> found =
          store
              .get(ResourceStore.Key.of(type, namespace, name))
              .map(object -> EventForms.as(type, object));
      if (found.isEmpty()) {
        if (!options.subresource().isEmpty()) {
          throw ApiException.notFound(type, name);
        }
        if (!Meta.uid(applied).isEmpty()) {
          throw ApiException.absent(
              type,
              name,
              "uid mismatch: the provided object specified uid %s, and no existing object was found"
                  .formatted(Meta.uid(applied)));
        }
        return new Applied(createApplied(type, namespace, name, applied, options, manager), true);
      }
      ObjectNode live = found.get();
      Preconditions.version(type, name, applied, live);
      Preconditions.uid(type, name, applied, live);
      ObjectNode next = apply(type).apply(live, applied, manager, force, clock.instant());
      Meta.of(next).put("resourceVersion", Meta.text(live, "resourceVersion"));
      prepare(type, next, options);
      restrict(type, live, next, options);
      admit(type, next, live, "UPDATE", options);
      Optional<ObjectNode> stored = settle(type, live, next, options);
      if (stored.isPresent()) {
        return new Applied(stored.get(), false);
      }
    }
  }

  /** Leaves of an applied object what may be applied in this way. */
  private static void keepItsPart(ResourceType type, ObjectNode applied, Options options) {
    if (options.subresource().equals("status")) {
      applied.retain(List.of("apiVersion", "kind", "metadata", "status"));
    } else if (type.status() && (type.custom() || isManagedByControllers(type))) {
      applied.remove("status");
    }
    if (type.custom()) {
      List<String> unknown = new Schema(type.schema()).prune(applied.deepCopy());
      if (!unknown.isEmpty()) {
        throw ApiException.notTyped(
            applied,
            unknown.stream().map(at -> "." + at + ": field not declared in schema").toList());
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
    if (hasGeneration(type)) {
      Meta.of(object).put("generation", 1);
    }
    prepare(type, object, options);
    admit(type, object, MissingNode.getInstance(), "CREATE", options);
    BuiltInDefaults.status(type, object);
    if (options.dry()) {
      return object;
    }
    return store
        .put(ResourceStore.Key.of(type, namespace, name), 0, object)
        .orElseThrow(() -> ApiException.conflict(type, name));
  }

  /** Kinds whose wishes are counted: ours, and built-in ones with a controller that reports. */
  private static boolean hasGeneration(ResourceType type) {
    return type.custom() || COUNTED.contains(type.plural());
  }

  /**
   * Deletes, or marks for deletion while finalizers are there.
   *
   * @param body DeleteOptions; may be empty
   */
  ObjectNode delete(ResourceType type, String namespace, String name, JsonNode body, boolean dry) {
    while (true) {
      ObjectNode live = get(type, namespace, name);
      Preconditions.deletion(type, name, body.path("preconditions"), live);
      String finalizer = PROPAGATION_FINALIZERS.get(body.path("propagationPolicy").asText(""));
      if (finalizer != null && !dry) {
        if (!Meta.hasFinalizer(live, finalizer) && !Meta.deleting(live)) {
          Meta.of(live).withArray("finalizers").add(finalizer);
        }
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
        if (hasGeneration(type)) {
          Meta.of(live).put("generation", Meta.generation(live) + 1);
        }
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
        ? store.remove(key, seen).map(last -> next)
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
      if (hasGeneration(type) && !withoutMetadata(live).equals(withoutMetadata(next))) {
        metadata.put("generation", Meta.generation(live) + 1);
      }
    }
    Preconditions.finalizers(type, live, next);
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

  /** Brings an object into its kind's shape: nothing unknown, defaults filled in. */
  private static void prepare(ResourceType type, ObjectNode object, Options options) {
    Meta.dropEmpty(object);
    if (!type.custom()) {
      BuiltInDefaults.apply(type, object);
      return;
    }
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
  }

  private void admit(
      ResourceType type, ObjectNode object, JsonNode before, String operation, Options options) {
    if (type.custom()) {
      List<ApiException.Cause> causes = new Schema(type.schema()).validate(object, before);
      type.scale().ifPresent(scale -> Scale.validate(scale, object, causes));
      if (!causes.isEmpty()) {
        throw ApiException.invalid(type, Meta.name(object), causes);
      }
    } else {
      BuiltInRules.check(type, object);
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
