package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How lists are merged: by keys, as a set, or not at all. Custom kinds say it in their schema
 * ({@code x-kubernetes-list-type}); for built-in kinds it is a table of the API reference's patch
 * merge keys, by field name, of the fields that we meet.
 *
 * @param schema of the node at hand; missing for built-in kinds and below unknown fields
 * @param builtIn whether the tables count
 * @param atomic whether a table says that the node is one value
 */
record ListRules(JsonNode schema, boolean builtIn, boolean atomic) {
  /** Objects of built-in kinds that are one value, by field name. */
  private static final Set<String> ATOMIC =
      Set.of(
          "selector",
          "labelSelector",
          "nodeSelector",
          "fieldRef",
          "resourceFieldRef",
          "secretKeyRef",
          "configMapKeyRef",
          "regarding",
          "related",
          "involvedObject",
          "ownerReferences");

  private static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          Map.entry("containers", List.of("name")),
          Map.entry("initContainers", List.of("name")),
          Map.entry("ephemeralContainers", List.of("name")),
          Map.entry("env", List.of("name")),
          Map.entry("volumes", List.of("name")),
          Map.entry("volumeMounts", List.of("mountPath")),
          Map.entry("imagePullSecrets", List.of("name")),
          Map.entry("conditions", List.of("type")),
          Map.entry("addresses", List.of("type")),
          Map.entry("hostAliases", List.of("ip")),
          Map.entry("ownerReferences", List.of("uid")),
          Map.entry("secrets", List.of("name")));

  static ListRules of(ResourceType type) {
    return new ListRules(type.schema(), !type.custom(), false);
  }

  static ListRules of(JsonNode schema) {
    return new ListRules(schema, false, false);
  }

  /** The rules below a field. */
  ListRules field(String name) {
    if (builtIn || name.equals("metadata")) {
      return new ListRules(MissingNode.getInstance(), true, ATOMIC.contains(name));
    }
    JsonNode property = schema.path("properties").path(name);
    if (property.isMissingNode() && schema.path("additionalProperties").isObject()) {
      property = schema.path("additionalProperties");
    }
    return new ListRules(property, false, false);
  }

  /** The rules below an item of this list. */
  ListRules item() {
    return builtIn ? this : of(schema.path("items"));
  }

  /**
   * The keys of a list of objects; empty when the list is not merged by keys.
   *
   * @param name of the field that holds the list
   * @param list the items, because ports have other keys in containers than in Services
   */
  Optional<List<String>> keys(String name, JsonNode list) {
    if (!builtIn) {
      if (!schema.path("x-kubernetes-list-type").asText().equals("map")) {
        return Optional.empty();
      }
      List<String> keys = new java.util.ArrayList<>();
      schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
      return Optional.of(keys);
    }
    if (name.equals("ports")) {
      return Optional.of(
          list.path(0).has("containerPort")
              ? List.of("containerPort", "protocol")
              : List.of("port", "protocol"));
    }
    return Optional.ofNullable(KEYS.get(name));
  }

  boolean isSet(String name) {
    return builtIn
        ? name.equals("finalizers")
        : schema.path("x-kubernetes-list-type").asText().equals("set");
  }

  /** Whether an object is replaced as a whole. */
  boolean atomicMap() {
    return atomic || schema.path("x-kubernetes-map-type").asText().equals("atomic");
  }
}
