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
    if (!isEvents(type)) {
      return object;
    }
    if (type.apiVersion().equals(object.path("apiVersion").asText())) {
      return complete(type, object);
    }
    boolean toNew = type.group().equals(GROUP);
    NEW_BY_OLD.forEach(
        (older, newer) -> rename(object, toNew ? older : newer, toNew ? newer : older));
    return complete(type, object.put("apiVersion", type.apiVersion()));
  }

  /** Shows the fields of older clients also when nobody filled them in, as a real server does. */
  private static ObjectNode complete(ResourceType type, ObjectNode event) {
    boolean isNew = type.group().equals(GROUP);
    for (String time : new String[] {"firstTimestamp", "lastTimestamp"}) {
      String name = isNew ? NEW_BY_OLD.getOrDefault(time, time) : time;
      if (!event.has(name)) {
        event.putNull(name);
      }
    }
    Json.child(event, isNew ? "deprecatedSource" : "source");
    return event;
  }

  private static void rename(ObjectNode object, String from, String to) {
    @Nullable JsonNode value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }
}
