package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.local.controlplane.ApiException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A custom kind's structural schema at work: unknown fields are pruned, defaults filled in, values
 * checked by {@link SchemaRules} (source: kubernetes.io, "Extend the Kubernetes API with
 * CustomResourceDefinitions").
 */
final class Schema {

  private final JsonNode root;

  Schema(JsonNode openApiV3) {
    this.root = openApiV3;
  }

  /** Removes what the schema does not know; says what it removed. */
  List<String> prune(ObjectNode object) {
    List<String> removed = new ArrayList<>();
    object
        .properties()
        .forEach(entry -> {
          if (!entry.getKey().equals("metadata")) {
            prune(entry.getKey(), entry.getValue(), property(root, entry.getKey()), removed);
          }
        });
    for (String name : names(object)) {
      boolean known = Set.of("apiVersion", "kind", "metadata").contains(name);
      if (!known && property(root, name).isMissingNode()) {
        object.remove(name);
        removed.add(name);
      }
    }
    return removed;
  }

  private static void prune(String path, JsonNode node, JsonNode schema, List<String> removed) {
    if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        prune(path + "[" + i + "]", list.get(i), schema.path("items"), removed);
      }
    } else if (node instanceof ObjectNode object && schema.isObject()) {
      boolean keeps = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
      boolean free = !schema.has("properties") && !schema.has("additionalProperties");
      for (String name : names(object)) {
        JsonNode below = property(schema, name);
        if (!below.isMissingNode()) {
          prune(path + "." + name, object.path(name), below, removed);
        } else if (!keeps
            && !(free && schema.path("x-kubernetes-embedded-resource").asBoolean())
            && !path.endsWith("metadata")) {
          object.remove(name);
          removed.add(path + "." + name);
        }
      }
    }
  }

  /** Fills in defaults, at every level that is there. */
  void setDefaults(ObjectNode object) {
    setDefaults(object, root);
  }

  private static void setDefaults(JsonNode node, JsonNode schema) {
    if (node instanceof ObjectNode object) {
      schema
          .path("properties")
          .properties()
          .forEach(entry -> {
            JsonNode fallback = entry.getValue().get("default");
            if (fallback != null && !object.has(entry.getKey())) {
              object.set(entry.getKey(), fallback.deepCopy());
            }
          });
      for (String name : names(object)) {
        setDefaults(object.path(name), property(schema, name));
      }
    } else if (node instanceof ArrayNode list) {
      list.forEach(item -> setDefaults(item, schema.path("items")));
    }
  }

  /**
   * Everything that is wrong.
   *
   * @param before the live object, for rules that compare; missing at creation
   */
  List<Cause> validate(ObjectNode object, JsonNode before) {
    return SchemaRules.check(object, before, root);
  }

  static JsonNode property(JsonNode schema, String name) {
    JsonNode property = schema.path("properties").path(name);
    return property.isMissingNode() && schema.path("additionalProperties").isObject()
        ? schema.path("additionalProperties")
        : property;
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
