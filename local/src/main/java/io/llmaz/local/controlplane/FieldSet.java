package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A set of an object's fields, in the tree form of {@code fieldsV1}: {@code f:name} for a field,
 * {@code k:{...}} for a list item by its keys, {@code v:value} for a set's member (source:
 * kubernetes.io, Server-Side Apply, and structured-merge-diff's FieldsV1). A node is a member when
 * its field itself is in the set, written {@code .} where fields below are in it too.
 */
final class FieldSet {
  /** What identifies an object belongs to nobody. */
  private static final Set<String> NOBODYS =
      Set.of(
          "f:name",
          "f:namespace",
          "f:uid",
          "f:resourceVersion",
          "f:generation",
          "f:managedFields",
          "f:creationTimestamp",
          "f:selfLink",
          "f:deletionTimestamp",
          "f:deletionGracePeriodSeconds");

  private final Map<String, FieldSet> children = new TreeMap<>();
  private boolean member;

  /** What somebody who applies an object says: its values and list items, not what holds them. */
  static FieldSet applied(ObjectNode object, ListRules rules) {
    return withoutIdentity(below(object, rules, false));
  }

  /** Everything of an object, what holds values too. */
  static FieldSet all(ObjectNode object, ListRules rules) {
    return withoutIdentity(below(object, rules, true));
  }

  /** A value with everything in it. */
  static FieldSet value(JsonNode value, String name, ListRules rules, boolean holders) {
    FieldSet set = new FieldSet();
    if (value instanceof ObjectNode object && !object.isEmpty() && !rules.atomicMap()) {
      set = below(object, rules, holders);
      set.member = holders;
    } else if (value instanceof ArrayNode list && merged(name, list, rules)) {
      for (JsonNode item : list) {
        FieldSet child = value(item, name, rules.item(), holders);
        child.member = true;
        set.children.put(element(name, item, list, rules).orElseThrow(), child);
      }
      set.member = holders;
    } else {
      set.member = true;
    }
    return set;
  }

  private static FieldSet below(ObjectNode object, ListRules rules, boolean holders) {
    FieldSet set = new FieldSet();
    object
        .properties()
        .forEach(e ->
            set.children.put(
                "f:" + e.getKey(),
                value(e.getValue(), e.getKey(), rules.field(e.getKey()), holders)));
    return set;
  }

  /** Leaves out what identifies an object; what is known of it is nobody's doing. */
  static FieldSet withoutIdentity(FieldSet set) {
    set.children.remove("f:apiVersion");
    set.children.remove("f:kind");
    FieldSet metadata = set.children.get("f:metadata");
    if (metadata != null) {
      metadata.member = false;
      metadata.children.keySet().removeAll(NOBODYS);
      if (metadata.isEmpty()) {
        set.children.remove("f:metadata");
      }
    }
    return set;
  }

  private static boolean merged(String name, ArrayNode list, ListRules rules) {
    return !list.isEmpty() && element(name, list.get(0), list, rules).isPresent();
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
          if (e.getKey().equals(".")) {
            set.member = true;
          } else {
            FieldSet child = parse(e.getValue());
            child.member |= e.getValue().isEmpty();
            set.children.put(e.getKey(), child);
          }
        });
    return set;
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((element, child) -> json.set(element, child.json()));
    return json;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  boolean isMember() {
    return member;
  }

  Optional<FieldSet> child(String element) {
    return Optional.ofNullable(children.get(element));
  }

  Map<String, FieldSet> children() {
    return children;
  }

  /** Puts a field into the set, with everything that a set says of it. */
  void put(String element, FieldSet child) {
    if (!child.isEmpty()) {
      children.put(element, child);
    }
  }

  /** What is here and not there. */
  FieldSet minus(FieldSet other) {
    FieldSet rest = new FieldSet();
    rest.member = member && !other.member;
    children.forEach((element, child) -> {
      FieldSet there = other.children.get(element);
      rest.put(element, there == null ? child : child.minus(there));
    });
    return rest;
  }

  /** What is in both. */
  FieldSet and(FieldSet other) {
    FieldSet both = new FieldSet();
    both.member = member && other.member;
    children.forEach((element, child) -> {
      FieldSet there = other.children.get(element);
      if (there != null) {
        both.put(element, child.and(there));
      }
    });
    return both;
  }

  FieldSet plus(FieldSet other) {
    FieldSet both = new FieldSet();
    both.member = member || other.member;
    both.children.putAll(children);
    other.children.forEach(
        (element, child) -> both.children.merge(element, child, (mine, its) -> mine.plus(its)));
    return both;
  }

  /** Calls for every member, with its path as people read it. */
  void eachMember(String path, Consumer<String> action) {
    if (member) {
      action.accept(path);
    }
    children.forEach((element, child) -> child.eachMember(path + readable(element), action));
  }

  /** An element of a path as people read it. */
  static String readable(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> "[" + rest.substring(1, rest.length() - 1).replaceAll("\"(\\w+)\":", "$1=") + "]";
      default -> "[=" + rest + "]";
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && member == set.member && children.equals(set.children);
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
