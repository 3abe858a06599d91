package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events are one kind of object under two names with two shapes: {@code v1}, which kubectl reads,
 * and {@code events.k8s.io/v1}, which controllers write. They are kept as they were written and
 * shown in the shape that is asked for (Kubernetes, pkg/apis/events/v1/conversion.go).
 */
final class EventForms {
  static final String GROUP = "events.k8s.io";
  private static final Map<String, String> NEW_BY_OLD =
      Map.of(
          "involvedObject", "regarding",
          "message", "note",
          "reportingComponent", "reportingController",
          "source", "deprecatedSource",
          "firstTimestamp", "deprecatedFirstTimestamp",
          "lastTimestamp", "deprecatedLastTimestamp",
          "count", "deprecatedCount");

  private EventForms() {}

  /** Whether a kind is one of the two. */
  static boolean isEvents(ResourceType type) {
    return type.plural().equals("events") && (type.group().isEmpty() || type.group().equals(GROUP));
  }

  /**
   * The object in a kind's shape; it may be changed for that.
   *
   * @param object of any kind; only an event of the other shape is changed
   */
  static ObjectNode as(ResourceType type, ObjectNode object) {
    if (!isEvents(type) || type.apiVersion().equals(object.path("apiVersion").asText())) {
      return object;
    }
    boolean toNew = type.group().equals(GROUP);
    NEW_BY_OLD.forEach(
        (older, newer) -> rename(object, toNew ? older : newer, toNew ? newer : older));
    return object.put("apiVersion", type.apiVersion());
  }

  private static void rename(ObjectNode object, String from, String to) {
    @Nullable JsonNode value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }
}
