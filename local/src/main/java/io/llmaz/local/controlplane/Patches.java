package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** The three patch formats beside apply: JSON patch, JSON merge patch, strategic merge patch. */
final class Patches {
  private Patches() {}

  /**
   * The live object with a patch of a media type in it.
   *
   * @throws ApiException 415 for a format that is none of these
   */
  static ObjectNode by(ResourceType type, String format, ObjectNode live, JsonNode patch) {
    switch (format) {
      case "application/json-patch+json" -> {
        return (ObjectNode) json(live, patch);
      }
      case "application/merge-patch+json" -> merge(live, (ObjectNode) patch.deepCopy());
      case "application/strategic-merge-patch+json" -> {
        strategic(live, (ObjectNode) patch.deepCopy(), ListRules.of(type));
      }
      default -> throw unsupported();
    }
    return live;
  }

  static ApiException unsupported() {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json-patch+json, application/merge-patch+json,"
            + " application/apply-patch+yaml");
  }

  /** RFC 7386. */
  static void merge(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          JsonNode value = entry.getValue();
          if (value.isNull()) {
            target.remove(name);
          } else if (value instanceof ObjectNode object) {
            merge(Json.child(target, name), object);
          } else {
            target.set(name, value);
          }
        });
  }

  /** Kubernetes' own, with lists of built-in kinds merged by key, and its directives. */
  static void strategic(ObjectNode target, ObjectNode patch, ListRules rules) {
    if (patch.path("$patch").asText().equals("replace")) {
      target.removeAll();
    }
    patch
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          JsonNode value = entry.getValue();
          if (name.startsWith("$setElementOrder") || name.equals("$retainKeys")) {
            return; // Only an order, which our lists keep by themselves.
          }
          if (name.startsWith("$deleteFromPrimitiveList/")) {
            removeAll(target.path(name.substring(name.indexOf('/') + 1)), value);
          } else if (name.startsWith("$")) {
            return;
          } else if (value.isNull()) {
            target.remove(name);
          } else if (value instanceof ObjectNode object) {
            strategic(Json.child(target, name), object, rules.field(name));
          } else if (value instanceof ArrayNode list) {
            strategicList(target, name, list, rules.field(name));
          } else {
            target.set(name, value);
          }
        });
  }

  private static void strategicList(
      ObjectNode target, String name, ArrayNode patch, ListRules rules) {
    Optional<List<String>> keys = rules.keys(name, patch);
    if (keys.isEmpty() || !(target.get(name) instanceof ArrayNode existing)) {
      ArrayNode plain = patch.deepCopy();
      for (int i = plain.size() - 1; i >= 0; i--) {
        if (plain.get(i).path("$patch").asText().equals("delete")) {
          plain.remove(i);
        }
      }
      target.set(name, plain);
      return;
    }
    String key = keys.get().getFirst();
    for (JsonNode item : patch) {
      int at = indexOf(existing, key, item.path(key));
      if (item.path("$patch").asText().equals("delete")) {
        if (at >= 0) {
          existing.remove(at);
        }
      } else if (at >= 0 && existing.get(at) instanceof ObjectNode object) {
        strategic(object, (ObjectNode) item, rules.item());
      } else {
        existing.add(item);
      }
    }
  }

  /** RFC 6902. */
  static JsonNode json(JsonNode document, JsonNode patch) {
    ObjectNode root = Json.object();
    root.set("", document.deepCopy());
    for (JsonNode operation : patch) {
      String path = operation.path("path").asText();
      switch (operation.path("op").asText()) {
        case "add" -> put(root, path, operation.path("value").deepCopy(), true);
        case "replace" -> {
          take(root, path, false);
          put(root, path, operation.path("value").deepCopy(), false);
        }
        case "remove" -> take(root, path, true);
        case "move" -> put(root, path, take(root, operation.path("from").asText(), true), true);
        case "copy" ->
            put(root, path, take(root, operation.path("from").asText(), false).deepCopy(), true);
        case "test" -> {
          if (!take(root, path, false).equals(operation.path("value"))) {
            throw ApiException.patchFailed();
          }
        }
        default ->
            throw ApiException.badRequest(
                "unknown JSON patch operation: " + operation.path("op").asText());
      }
    }
    return root.path("");
  }

  private static void put(ObjectNode root, String path, JsonNode value, boolean insert) {
    String last = last(path);
    switch (parent(root, path)) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode list when last.equals("-") -> list.add(value);
      case ArrayNode list when insert -> list.insert(index(list, last), value);
      case ArrayNode list -> list.set(index(list, last), value);
      default -> throw ApiException.patchFailed();
    }
  }

  private static JsonNode take(ObjectNode root, String path, boolean remove) {
    String last = last(path);
    JsonNode found =
        switch (parent(root, path)) {
          case ObjectNode object -> remove ? object.remove(last) : object.get(last);
          case ArrayNode list ->
              remove ? list.remove(index(list, last)) : list.get(index(list, last));
          default -> null;
        };
    if (found == null) {
      throw ApiException.patchFailed();
    }
    return found;
  }

  private static JsonNode parent(ObjectNode root, String path) {
    if (path.isEmpty()) {
      return root;
    }
    JsonNode at = root.path("");
    String[] parts = path.split("/", -1);
    for (int i = 1; i < parts.length - 1; i++) {
      String part = unescape(parts[i]);
      at = at instanceof ArrayNode list ? list.path(index(list, part)) : at.path(part);
    }
    return at;
  }

  private static String last(String path) {
    return unescape(path.substring(path.lastIndexOf('/') + 1));
  }

  private static String unescape(String part) {
    return part.replace("~1", "/").replace("~0", "~");
  }

  private static int index(ArrayNode list, String text) {
    try {
      int index = Integer.parseInt(text);
      if (index >= 0 && index <= list.size()) {
        return index;
      }
    } catch (NumberFormatException e) {
      throw ApiException.patchFailed();
    }
    throw ApiException.patchFailed();
  }

  private static int indexOf(ArrayNode list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  private static void removeAll(JsonNode list, JsonNode values) {
    if (list instanceof ArrayNode array) {
      for (JsonNode value : values) {
        for (int i = array.size() - 1; i >= 0; i--) {
          if (array.get(i).equals(value)) {
            array.remove(i);
          }
        }
      }
    }
  }
}
