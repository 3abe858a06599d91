package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form that an object of a kind has when it is stored: nothing unknown, defaults filled in, and
 * only that changed which a caller may change in his way.
 */
final class ObjectForm {
  private static final Set<String> COUNTED =
      Set.of(
          "deployments",
          "replicasets",
          "pods",
          "poddisruptionbudgets",
          "customresourcedefinitions",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings");

  private ObjectForm() {}

  /** Brings an object into its kind's shape: nothing unknown, defaults filled in. */
  static void prepare(ResourceType type, ObjectNode object, ObjectApi.Options options) {
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

  /** Leaves of an applied object what may be applied in this way. */
  static void keepItsPart(ResourceType type, ObjectNode applied, ObjectApi.Options options) {
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

  /** Keeps what this way of changing may not touch. */
  static void restrict(
      ResourceType type, ObjectNode live, ObjectNode next, ObjectApi.Options options) {
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

  /** Kinds whose wishes are counted: ours, and built-in ones with a controller that reports. */
  static boolean hasGeneration(ResourceType type) {
    return type.custom() || COUNTED.contains(type.plural());
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
}
