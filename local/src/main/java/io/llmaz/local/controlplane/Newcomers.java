package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** What a new object gets before it is one: a place, a name and an identity. */
final class Newcomers {
  private final ResourceStore store;
  private final InstantSource clock;

  Newcomers(ResourceStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Makes the name, where only its beginning was given. */
  static void name(ResourceType type, ObjectNode object) {
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
      String name = prefix + UUID.randomUUID().toString().substring(0, 5);
      Names.checkPrefix(type, name, prefix);
      Meta.of(object).put("name", name);
    }
  }

  void identify(ResourceType type, String namespace, ObjectNode object) {
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

  void requireNamespace(ResourceType type, String namespace) {
    if (type.namespaced()
        && store
            .get(ResourceStore.Key.of(ResourceTypes.NAMESPACES, "", namespace))
            .filter(ns -> !Meta.deleting(ns))
            .isEmpty()) {
      throw ApiException.notFound(ResourceTypes.NAMESPACES, namespace);
    }
  }
}
