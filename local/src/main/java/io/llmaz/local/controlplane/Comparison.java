package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fields differ between two states of an object.
 *
 * @param changed new, or with another value
 * @param removed no longer there
 */
record Comparison(FieldSet changed, FieldSet removed) {
  static Comparison of(ObjectNode before, ObjectNode after, ListRules rules) {
    Comparison comparison = objects(before, after, rules);
    FieldSet.withoutIdentity(comparison.changed);
    FieldSet.withoutIdentity(comparison.removed);
    return comparison;
  }

  private static Comparison objects(ObjectNode before, ObjectNode after, ListRules rules) {
    Comparison all = new Comparison(new FieldSet(), new FieldSet());
    Set<String> names = new TreeSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    names.forEach(
        name -> all.add("f:" + name, name, before.path(name), after.path(name), rules.field(name)));
    return all;
  }

  private void add(String element, String name, JsonNode then, JsonNode now, ListRules rules) {
    if (now.isMissingNode()) {
      removed.put(element, FieldSet.value(then, name, rules, true));
    } else if (then.isMissingNode()) {
      changed.put(element, FieldSet.value(now, name, rules, true));
    } else if (!then.equals(now)) {
      Comparison below = values(name, then, now, rules);
      changed.put(element, below.changed);
      removed.put(element, below.removed);
    }
  }

  private static Comparison values(String name, JsonNode then, JsonNode now, ListRules rules) {
    if (then instanceof ObjectNode old && now instanceof ObjectNode object && !rules.atomicMap()) {
      return objects(old, object, rules);
    }
    if (then.isNull() && now instanceof ArrayNode list) {
      return values(name, list.arrayNode(), list, rules);
    }
    if (then instanceof ArrayNode old && now instanceof ArrayNode list) {
      Map<String, JsonNode> before = items(name, old, rules);
      Map<String, JsonNode> after = items(name, list, rules);
      if (before.size() == old.size() && after.size() == list.size()) {
        Comparison all = new Comparison(new FieldSet(), new FieldSet());
        before.forEach((element, item) -> {
          if (!after.containsKey(element)) {
            all.removed.put(element, FieldSet.value(item, name, rules.item(), true));
          }
        });
        after.forEach((element, item) -> {
          JsonNode same = before.get(element);
          if (same == null) {
            all.changed.put(element, FieldSet.value(item, name, rules.item(), true));
          } else if (!same.equals(item)) {
            Comparison below = values(name, same, item, rules.item());
            all.changed.put(element, below.changed);
            all.removed.put(element, below.removed);
          }
        });
        return all;
      }
    }
    return new Comparison(FieldSet.value(now, name, rules, false), new FieldSet());
  }

  private static Map<String, JsonNode> items(String name, ArrayNode list, ListRules rules) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    for (JsonNode item : list) {
      FieldSet.element(name, item, list, rules).ifPresent(element -> items.put(element, item));
    }
    return items;
  }
}
