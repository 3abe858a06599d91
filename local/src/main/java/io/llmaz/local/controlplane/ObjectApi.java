package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

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
  private final Newcomers newcomers;
  private final Deletion deletion;
  private final InstantSource clock;

  /**
   * How a caller wants a change made.
   *
   * @param fieldManager owns what is changed
   * @param subresource empty, {@code status} or {@code scale}
   * @param dryRun empty, or {@code All}
   * @param strict whether unknown fields are an error
   * @param warnings gets what is told and does not stop the change
   */
  record Options(
      String fieldManager,
      String subresource,
      String dryRun,
      boolean strict,
      Consumer<String> warnings) {
    Options {
      if (!dryRun.isEmpty() && !SUPPORTED_DRY_RUN.contains(dryRun)) {
        throw ApiException.badRequest("unsupported dryRun: " + dryRun);
      }
    }

    /** The same, for somebody who reads no warnings. */
    Options(String fieldManager, String subresource, String dryRun, boolean strict) {
      this(fieldManager, subresource, dryRun, strict, warning -> {});
    }

    boolean dry() {
      return !dryRun.isEmpty();
    }
  }

  ObjectApi(ResourceStore store, ResourceTypes types, InstantSource clock) {
    this.store = store;
    this.types = types;
    this.policies = new AdmissionPolicies(store);
    this.newcomers = new Newcomers(store, clock);
    this.deletion = new Deletion(store, clock);
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
    Newcomers.name(type, object);
    String name = Meta.name(object);
    Preconditions.same(namespace, Meta.namespace(object), "namespace");
    Names.check(type, name);
    newcomers.requireNamespace(type, namespace);
    Optional<ObjectNode> existing = store.get(ResourceStore.Key.of(type, namespace, name));
    if (existing.isPresent()) {
      throw ApiException.alreadyExists(type, name, Meta.deleting(existing.get()));
    }
    newcomers.identify(type, namespace, object);
    if (type.custom() && type.status()) {
      object.remove("status");
    }
    metadata.remove("generation");
    if (ObjectForm.hasGeneration(type)) {
      metadata.put("generation", 1);
    }
    metadata.remove("managedFields");
    ObjectForm.prepare(type, object, options);
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
      ObjectForm.prepare(type, next, options);
      ObjectForm.restrict(type, live, next, options);
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
    ObjectForm.keepItsPart(type, applied, options);
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
      ObjectForm.prepare(type, next, options);
      ObjectForm.restrict(type, live, next, options);
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
    newcomers.requireNamespace(type, namespace);
    ObjectNode object = apply(type).apply(Json.object(), applied, manager, true, clock.instant());
    Meta.of(object).put("name", name);
    newcomers.identify(type, namespace, object);
    if (type.custom() && type.status()) {
      object.remove("status");
    }
    if (ObjectForm.hasGeneration(type)) {
      Meta.of(object).put("generation", 1);
    }
    ObjectForm.prepare(type, object, options);
    admit(type, object, MissingNode.getInstance(), "CREATE", options);
    BuiltInDefaults.status(type, object);
    if (options.dry()) {
      return object;
    }
    return store
        .put(ResourceStore.Key.of(type, namespace, name), 0, object)
        .orElseThrow(() -> ApiException.conflict(type, name));
  }

  /**
   * Deletes, or marks for deletion while finalizers are there.
   *
   * @param body DeleteOptions; may be empty
   */
  ObjectNode delete(ResourceType type, String namespace, String name, JsonNode body, boolean dry) {
    return deletion.delete(type, namespace, name, body, dry);
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
      policies.check(type, operation, object, before, options.warnings());
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
