package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Server-side apply (source: kubernetes.io, "Server-Side Apply").
 *
 * <ol>
 *   <li>What is applied is merged over the live object: maps by field, lists by their rules.
 *   <li>Fields that another manager owns with another value are conflicts; force takes them over.
 *   <li>Fields that this manager applied before and does not now, and nobody else owns, go.
 *   <li>The manager owns exactly what it applied.
 * </ol>
 */
final class ServerSideApply {
  private final ListRules rules;

  ServerSideApply(ListRules rules) {
    this.rules = rules;
  }

  /**
   * Applies over a live object, or over nothing.
   *
   * @throws ApiException 409 with the conflicting fields, or 500 for a list with an item twice
   */
  ObjectNode apply(
      ObjectNode live,
      ObjectNode applied,
      ManagedFields.Owner manager,
      boolean force,
      Instant now) {
    List<String> errors = new ArrayList<>();
    checkDuplicates("", applied, rules, errors);
    if (!errors.isEmpty()) {
      throw ApiException.notTyped(applied, errors);
    }
    FieldSet wanted = FieldSet.applied(applied, rules);
    ManagedFields managed = ManagedFields.of(live);
    ObjectNode merged = live.deepCopy();
    mergeObject(merged, applied, rules);
    FieldSet kept = wanted;
    for (var other : managed.owners().entrySet()) {
      if (!other.getKey().equals(manager)) {
        kept = kept.plus(other.getValue());
      }
    }
    remove(merged, managed.of(manager).minus(kept), kept, rules);

    Comparison comparison = Comparison.of(live, merged, rules);
    Map<ManagedFields.Owner, FieldSet> conflicts = managed.owned(comparison.changed(), manager);
    if (!conflicts.isEmpty() && !force) {
      throw ApiException.applyConflict(conflicts, Meta.apiVersion(live));
    }
    managed.takeFromOthers(manager, comparison);
    managed.set(manager, wanted, now);
    managed.writeTo(merged);
    return merged;
  }

  /** Records that an update changed fields: they belong to the updater now. */
  void updated(ObjectNode before, ObjectNode after, ManagedFields.Owner manager, Instant now) {
    ManagedFields managed = ManagedFields.of(before);
    Comparison comparison = Comparison.of(before, after, rules);
    managed.takeFromOthers(manager, comparison);
    managed.set(
        manager, managed.of(manager).minus(comparison.removed()).plus(comparison.changed()), now);
    managed.writeTo(after);
  }

  private static void mergeObject(ObjectNode into, ObjectNode applied, ListRules rules) {
    applied
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          JsonNode value = entry.getValue();
          ListRules below = rules.field(name);
          if (value instanceof ObjectNode object
              && into.get(name) instanceof ObjectNode existing
              && !below.atomicMap()) {
            mergeObject(existing, object, below);
          } else if (value instanceof ArrayNode list
              && into.get(name) instanceof ArrayNode existing) {
            mergeList(name, existing, list, below);
          } else {
            into.set(name, value.deepCopy());
          }
        });
  }

  private static void mergeList(String name, ArrayNode into, ArrayNode applied, ListRules rules) {
    if (!applied.isEmpty() && FieldSet.element(name, applied.get(0), applied, rules).isEmpty()) {
      into.removeAll();
      into.addAll(applied.deepCopy());
      return;
    }
    for (JsonNode item : applied) {
      String element = FieldSet.element(name, item, applied, rules).orElseThrow();
      JsonNode existing = find(name, into, element, rules);
      if (existing instanceof ObjectNode object && item instanceof ObjectNode wanted) {
        mergeObject(object, wanted, rules.item());
      } else if (existing == null) {
        into.add(item.deepCopy());
      }
    }
    if (applied.isEmpty() && rules.keys(name, into).isEmpty() && !rules.isSet(name)) {
      into.removeAll();
    }
  }

  /** Removes fields, but not what holds a field that somebody keeps. */
  private static void remove(ObjectNode object, FieldSet fields, FieldSet kept, ListRules rules) {
    fields
        .children()
        .forEach((element, below) -> {
          String name = element.substring(2);
          JsonNode value = object.path(name);
          FieldSet keptBelow = kept.child(element).orElseGet(FieldSet::new);
          if (keptBelow.isEmpty()) {
            object.remove(name);
          } else if (value instanceof ObjectNode child) {
            remove(child, below, keptBelow, rules.field(name));
          } else if (value instanceof ArrayNode list) {
            removeItems(name, list, below, keptBelow, rules.field(name));
          }
        });
  }

  private static void removeItems(
      String name, ArrayNode list, FieldSet fields, FieldSet kept, ListRules rules) {
    for (int i = list.size() - 1; i >= 0; i--) {
      JsonNode item = list.get(i);
      String element = FieldSet.element(name, item, list, rules).orElse("");
      FieldSet below = fields.child(element).orElse(null);
      if (below == null) {
        continue;
      }
      FieldSet keptBelow = kept.child(element).orElseGet(FieldSet::new);
      if (keptBelow.isEmpty()) {
        list.remove(i);
      } else if (item instanceof ObjectNode object) {
        remove(object, below, keptBelow, rules.item());
      }
    }
  }

  private static void checkDuplicates(
      String path, JsonNode node, ListRules rules, List<String> errors) {
    node.properties()
        .forEach(entry -> {
          String name = entry.getKey();
          ListRules below = rules.field(name);
          String at = path + "." + name;
          if (entry.getValue() instanceof ArrayNode list) {
            Set<String> seen = new HashSet<>();
            for (JsonNode item : list) {
              String element = FieldSet.element(name, item, list, below).orElse("");
              if (!element.isEmpty() && !seen.add(element)) {
                errors.add(at + ": duplicate entries for key " + FieldSet.readable(element));
              }
              String inside = element.isEmpty() ? "" : FieldSet.readable(element);
              checkDuplicates(at + inside, item, below.item(), errors);
            }
          } else {
            checkDuplicates(at, entry.getValue(), below, errors);
          }
        });
  }

  private static @org.jspecify.annotations.Nullable JsonNode find(
      String name, ArrayNode list, String element, ListRules rules) {
    for (JsonNode item : list) {
      if (FieldSet.element(name, item, list, rules).filter(element::equals).isPresent()) {
        return item;
      }
    }
    return null;
  }
}
