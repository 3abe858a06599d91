package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A set of an object's fields, in the tree form of {@code fieldsV1}: {@code f:name} for a field,
 * {@code k:{...}} for a list item by its keys, {@code v:value} for a set's member (source:
 * kubernetes.io, Server-Side Apply, and structured-merge-diff's FieldsV1). A node without children
 * is a leaf: a value that is owned as a whole.
 */
final class FieldSet {
  private final Map<String, FieldSet> children = new TreeMap<>();

  /** Every field of an object but what identifies it. */
  static FieldSet of(ObjectNode object, ListRules rules) {
    FieldSet all = new FieldSet();
    object
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          if (name.equals("apiVersion") || name.equals("kind")) {
            return;
          }
          FieldSet child = ofValue(name, entry.getValue(), rules.field(name));
          if (name.equals("metadata")) {
            for (String own :
                new String[] {
                  "name",
                  "namespace",
                  "uid",
                  "resourceVersion",
                  "generation",
                  "managedFields",
                  "creationTimestamp",
                  "selfLink",
                  "deletionTimestamp",
                  "generateName"
                }) {
              child.children.remove("f:" + own);
            }
            if (child.children.isEmpty()) {
              return;
            }
          }
          all.children.put("f:" + name, child);
        });
    return all;
  }

  private static FieldSet ofValue(String name, JsonNode value, ListRules rules) {
    FieldSet set = new FieldSet();
    if (value instanceof ObjectNode object && !rules.atomicMap()) {
      object
          .properties()
          .forEach(e ->
              set.children.put(
                  "f:" + e.getKey(), ofValue(e.getKey(), e.getValue(), rules.field(e.getKey()))));
    } else if (value instanceof ArrayNode list) {
      for (JsonNode item : list) {
        element(name, item, list, rules)
            .ifPresent(element ->
                set.children.put(
                    element,
                    element.startsWith("k:") ? ofValue(name, item, rules.item()) : new FieldSet()));
      }
    }
    return set;
  }

  /** The path element of a list's item; empty when the list is owned as a whole. */
  static Optional<String> element(String name, JsonNode item, JsonNode list, ListRules rules) {
    if (rules.isSet(name)) {
      return Optional.of("v:" + item);
    }
    return rules
        .keys(name, list)
        .filter(keys -> item.isObject())
        .map(keys -> {
          ObjectNode values = Json.object();
          for (String key : keys.stream().sorted().toList()) {
            if (item.has(key)) {
              values.set(key, item.get(key));
            } else if (key.equals("protocol")) {
              values.put(key, "TCP"); // The API's default completes the key.
            }
          }
          return "k:" + values;
        });
  }

  static FieldSet parse(JsonNode fieldsV1) {
    FieldSet set = new FieldSet();
    fieldsV1
        .properties()
        .forEach(e -> {
          if (!e.getKey().equals(".")) {
            set.children.put(e.getKey(), parse(e.getValue()));
          }
        });
    return set;
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    children.forEach((element, child) -> {
      ObjectNode below = child.json();
      if (element.startsWith("k:")) {
        below.putObject("."); // The item itself is owned, not only its fields.
      }
      json.set(element, below);
    });
    return json;
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  boolean contains(String element) {
    return children.containsKey(element);
  }

  Optional<FieldSet> child(String element) {
    return Optional.ofNullable(children.get(element));
  }

  Map<String, FieldSet> children() {
    return children;
  }

  /** What is here and not there; a branch stays as long as one of its leaves does. */
  FieldSet minus(FieldSet other) {
    FieldSet rest = new FieldSet();
    children.forEach((element, child) -> {
      FieldSet there = other.children.get(element);
      if (there == null) {
        rest.children.put(element, child);
      } else if (!child.isEmpty() && !there.isEmpty()) {
        FieldSet below = child.minus(there);
        if (!below.isEmpty()) {
          rest.children.put(element, below);
        }
      }
    });
    return rest;
  }

  FieldSet plus(FieldSet other) {
    FieldSet both = new FieldSet();
    both.children.putAll(children);
    other.children.forEach(
        (element, child) -> both.children.merge(element, child, (mine, its) -> mine.plus(its)));
    return both;
  }

  /** Calls for every leaf that is in both, with its path as people read it. */
  void eachCommonLeaf(FieldSet other, String path, BiConsumer<String, FieldSet> leaf) {
    children.forEach((element, child) -> {
      FieldSet there = other.children.get(element);
      if (there != null) {
        String at = path + readable(element);
        if (child.isEmpty() || there.isEmpty()) {
          leaf.accept(at, child);
        } else {
          child.eachCommonLeaf(there, at, leaf);
        }
      }
    });
  }

  private static String readable(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> "[" + rest.substring(1, rest.length() - 1).replaceAll("\"(\\w+)\":", "$1=") + "]";
      default -> "[=" + rest + "]";
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && children.equals(set.children);
  }

  @Override
  public int hashCode() {
    return children.hashCode();
  }

  @Override
  public String toString() {
    return json().toString();
  }
}
