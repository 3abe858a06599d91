package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
   * @throws ApiException 409 with the conflicting fields, or 400 for a list with an item twice
   */
  ObjectNode apply(
      ObjectNode live,
      ObjectNode applied,
      ManagedFields.Owner manager,
      boolean force,
      Instant now) {
    checkDuplicates("", applied, rules);
    FieldSet wanted = FieldSet.of(applied, rules);
    ManagedFields managed = ManagedFields.of(live);
    ObjectNode merged = live.deepCopy();
    mergeObject(merged, applied, rules);
    FieldSet changed = changed(live, merged);

    List<ApiException.Cause> conflicts = new ArrayList<>();
    managed
        .owners()
        .forEach((owner, fields) -> {
          if (!owner.equals(manager)) {
            wanted.eachCommonLeaf(
                fields.minus(fields.minus(changed)),
                "",
                (path, leaf) ->
                    conflicts.add(
                        new ApiException.Cause(
                            "FieldManagerConflict",
                            path,
                            "conflict with \"" + owner.manager() + "\"")));
          }
        });
    if (!conflicts.isEmpty() && !force) {
      throw ApiException.applyConflict(conflicts);
    }
    if (!conflicts.isEmpty()) {
      managed.takeFromOthers(manager, changed.minus(changed.minus(wanted)));
    }
    FieldSet abandoned = managed.of(manager).minus(wanted);
    for (var other : managed.owners().entrySet()) {
      if (!other.getKey().equals(manager)) {
        abandoned = abandoned.minus(other.getValue());
      }
    }
    remove(merged, abandoned, rules);
    managed.set(manager, wanted, now);
    managed.writeTo(merged);
    return merged;
  }

  /** Records that an update changed fields: they belong to the updater now. */
  void updated(ObjectNode before, ObjectNode after, ManagedFields.Owner manager, Instant now) {
    ManagedFields managed = ManagedFields.of(before);
    FieldSet changed = changed(before, after);
    FieldSet present = FieldSet.of(after, rules);
    FieldSet gone = FieldSet.of(before, rules).minus(present);
    managed.takeFromOthers(manager, changed);
    FieldSet mine = managed.of(manager).minus(gone).plus(changed);
    managed.owners().replaceAll((owner, has) -> has.minus(gone));
    managed.set(manager, mine, now);
    managed.writeTo(after);
  }

  /** Fields of {@code after} that are new or have another value than before. */
  private FieldSet changed(ObjectNode before, ObjectNode after) {
    ObjectNode difference = Json.object();
    difference(before, after, rules, difference);
    return FieldSet.of(difference, rules);
  }

  private static void difference(
      JsonNode before, ObjectNode after, ListRules rules, ObjectNode into) {
    after
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          JsonNode now = entry.getValue();
          JsonNode then = before.path(name);
          ListRules below = rules.field(name);
          if (now.equals(then)) {
            return;
          }
          if (now instanceof ObjectNode object && then.isObject() && !below.atomicMap()) {
            ObjectNode child = Json.object();
            difference(then, object, below, child);
            if (!child.isEmpty()) {
              into.set(name, child);
            }
          } else if (now instanceof ArrayNode list && then instanceof ArrayNode old) {
            ArrayNode child = listDifference(name, old, list, below);
            if (!child.isEmpty() || list.isEmpty()) {
              into.set(name, child);
            }
          } else {
            into.set(name, now);
          }
        });
  }

  private static ArrayNode listDifference(
      String name, ArrayNode before, ArrayNode after, ListRules rules) {
    ArrayNode changed = after.arrayNode();
    Optional<List<String>> keys = rules.keys(name, after);
    for (JsonNode item : after) {
      Optional<String> element = FieldSet.element(name, item, after, rules);
      if (element.isEmpty()) {
        return after;
      }
      JsonNode old = find(name, before, element.get(), rules);
      if (item.equals(old)) {
        continue;
      }
      if (old != null && item instanceof ObjectNode object) {
        ObjectNode child = Json.object();
        difference(old, object, rules.item(), child);
        keys.orElse(List.of()).forEach(key -> child.set(key, item.path(key)));
        changed.add(child);
      } else {
        changed.add(item);
      }
    }
    return changed;
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

  private static void remove(ObjectNode object, FieldSet fields, ListRules rules) {
    fields
        .children()
        .forEach((element, below) -> {
          String name = element.substring(2);
          JsonNode value = object.path(name);
          if (below.isEmpty()) {
            object.remove(name);
          } else if (value instanceof ObjectNode child) {
            remove(child, below, rules.field(name));
            if (child.isEmpty()) {
              object.remove(name);
            }
          } else if (value instanceof ArrayNode list) {
            removeItems(name, list, below, rules.field(name));
            if (list.isEmpty()) {
              object.remove(name);
            }
          }
        });
  }

  private static void removeItems(String name, ArrayNode list, FieldSet fields, ListRules rules) {
    for (int i = list.size() - 1; i >= 0; i--) {
      JsonNode item = list.get(i);
      FieldSet below =
          FieldSet.element(name, item, list, rules).flatMap(fields::child).orElse(null);
      if (below == null) {
        continue;
      }
      if (item instanceof ObjectNode object && !below.isEmpty()) {
        remove(object, below, rules.item());
        Set<String> left = new HashSet<>();
        object.fieldNames().forEachRemaining(left::add);
        rules.keys(name, list).orElse(List.of()).forEach(left::remove);
        if (left.isEmpty()) {
          list.remove(i);
        }
      } else {
        list.remove(i);
      }
    }
  }

  private static void checkDuplicates(String path, JsonNode node, ListRules rules) {
    node.properties()
        .forEach(entry -> {
          String name = entry.getKey();
          ListRules below = rules.field(name);
          String at = path + "." + name;
          if (entry.getValue() instanceof ArrayNode list) {
            Set<String> seen = new HashSet<>();
            for (JsonNode item : list) {
              FieldSet.element(name, item, list, below)
                  .ifPresent(element -> {
                    if (!seen.add(element)) {
                      throw new ApiException(
                          500,
                          "InternalError",
                          "failed to create typed patch object: errors:\n  "
                              + at
                              + ": duplicate entries for key ["
                              + element.substring(2)
                              + "]");
                    }
                  });
              checkDuplicates(at, item, below.item());
            }
          } else {
            checkDuplicates(at, entry.getValue(), below);
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
