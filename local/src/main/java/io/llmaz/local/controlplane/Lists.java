package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Lists as answers, and their chunks: the token of a chunk is where it begins. */
final class Lists {
  private Lists() {}

  /** Items of built-in kinds do not say again what the list is of. */
  static ObjectNode of(ResourceType type, List<ObjectNode> items, String version) {
    ObjectNode list =
        Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
    list.putObject("metadata").put("resourceVersion", version);
    ArrayNode array = list.putArray("items");
    for (ObjectNode item : items) {
      if (!type.custom()) {
        item.remove(List.of("apiVersion", "kind"));
      }
      array.add(item);
    }
    if (type.custom()) {
      Meta.of(list).put("continue", "");
    }
    return list;
  }

  static int offset(ApiRequest request) {
    try {
      return Integer.parseInt(request.parameter("continue"));
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("continue key is not valid");
    }
  }

  static void mark(ObjectNode metadata, int end, int all) {
    if (end < all) {
      metadata.put("continue", Integer.toString(end)).put("remainingItemCount", all - end);
    }
  }
}
