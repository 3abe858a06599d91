package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.local.controlplane.ResourceType.Column;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects as the tables that {@code kubectl get} prints (meta.k8s.io/v1 Table). */
final class Tables {
  private static final Pattern FILTER = Pattern.compile("^\\[\\?\\(@\\.(\\w+)==['\"](.*)['\"]\\)]");

  /** A number that is announced as text, as built-in kinds do. */
  private static final String NUMBER = "number";

  private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);

  private static final Map<String, List<Column>> BUILT_IN =
      Map.of(
          "pods",
              List.of(
                  new Column("Ready", "string", "#ready", 0),
                  new Column("Status", "string", "#podStatus", 0),
                  new Column("Restarts", "string", "#restarts", 0),
                  AGE,
                  new Column("IP", "string", ".status.podIP", 1),
                  new Column("Node", "string", ".spec.nodeName", 1)),
          "deployments",
              List.of(
                  new Column("Ready", "string", "#readyOfWanted", 0),
                  new Column("Up-to-date", NUMBER, ".status.updatedReplicas", 0),
                  new Column("Available", NUMBER, ".status.availableReplicas", 0),
                  AGE,
                  new Column("Containers", "string", "#containers", 1),
                  new Column("Images", "string", "#images", 1),
                  new Column("Selector", "string", "#selector", 1)),
          "replicasets",
              List.of(
                  new Column("Desired", "integer", ".spec.replicas", 0),
                  new Column("Current", "integer", ".status.replicas", 0),
                  new Column("Ready", "integer", ".status.readyReplicas", 0),
                  AGE),
          "nodes",
              List.of(
                  new Column("Status", "string", "#nodeStatus", 0),
                  AGE,
                  new Column("Version", "string", ".status.nodeInfo.kubeletVersion", 0)),
          "services",
              List.of(
                  new Column("Type", "string", ".spec.type", 0),
                  new Column("Cluster-IP", "string", ".spec.clusterIP", 0),
                  AGE),
          "events",
              List.of(
                  new Column("Last Seen", "date", "#lastSeen", 0),
                  new Column("Type", "string", ".type", 0),
                  new Column("Reason", "string", ".reason", 0),
                  new Column("Object", "string", "#regarding", 0),
                  new Column("Message", "string", "#note", 0)),
          "configmaps", List.of(new Column("Data", NUMBER, "#data", 0), AGE),
          "namespaces", List.of(new Column("Status", "string", ".status.phase", 0), AGE));

  private final InstantSource clock;

  Tables(InstantSource clock) {
    this.clock = clock;
  }

  ObjectNode table(ResourceType type, List<ObjectNode> objects, String version) {
    List<Column> columns =
        type.custom()
            ? type.columns().isEmpty() ? List.of(AGE) : type.columns()
            : BUILT_IN.getOrDefault(type.plural(), List.of(AGE));
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", version);
    ArrayNode definitions = table.putArray("columnDefinitions");
    define(definitions, new Column("Name", "string", "", 0), false).put("format", "name");
    columns.forEach(column -> define(definitions, column, type.custom()));
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      cells.add(Meta.name(object));
      columns.forEach(column -> cells.add(cell(column, object, type.custom())));
      ObjectNode partial = row.putObject("object");
      partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
      partial.set("metadata", object.path("metadata"));
    }
    return table;
  }

  private static ObjectNode define(ArrayNode definitions, Column column, boolean custom) {
    // Built-in kinds announce as text what is rendered here.
    boolean text = !custom && (column.type().equals("date") || column.type().equals(NUMBER));
    return definitions
        .addObject()
        .put("name", column.name())
        .put("type", text ? "string" : column.type())
        .put("format", "")
        .put("description", column.jsonPath())
        .put("priority", column.priority());
  }

  private JsonNode cell(Column column, JsonNode object, boolean custom) {
    String path = column.jsonPath();
    if (path.startsWith("#")) {
      String value = computed(path, object);
      return column.type().equals(NUMBER)
          ? Json.of(Integer.parseInt(value))
          : Json.of(column.type().equals("date") ? age(value) : value);
    }
    JsonNode value = at(object, path);
    if (custom && value.isMissingNode()) {
      return NullNode.getInstance();
    }
    if (column.type().equals("date")) {
      return Json.of(age(value.asText("")));
    }
    if (column.type().equals("integer") || column.type().equals(NUMBER)) {
      return Json.of(value.asLong(0));
    }
    return Json.of(value.isMissingNode() ? "" : value.asText());
  }

  /** JSONPath as printer columns use it: names, indexes and one kind of filter. */
  static JsonNode at(JsonNode object, String path) {
    JsonNode node = object;
    String rest = path;
    while (!rest.isEmpty()) {
      Matcher filter = FILTER.matcher(rest);
      if (filter.find()) {
        node = filtered(node, filter.group(1), filter.group(2));
        rest = rest.substring(filter.end());
      } else if (rest.startsWith("[")) {
        node = node.path(Integer.parseInt(rest.substring(1, rest.indexOf(']'))));
        rest = rest.substring(rest.indexOf(']') + 1);
      } else {
        int end = rest.length();
        for (int i = 1; i < rest.length(); i++) {
          if (rest.charAt(i) == '.' || rest.charAt(i) == '[') {
            end = i;
            break;
          }
        }
        node = node.path(rest.substring(rest.startsWith(".") ? 1 : 0, end));
        rest = rest.substring(end);
      }
    }
    return node;
  }

  private static JsonNode filtered(JsonNode list, String field, String value) {
    for (JsonNode item : list) {
      if (item.path(field).asText().equals(value)) {
        return item;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  private static String computed(String what, JsonNode object) {
    return switch (what) {
      case "#ready" -> {
        JsonNode statuses = object.path("status").path("containerStatuses");
        int ready = 0;
        for (JsonNode status : statuses) {
          ready += status.path("ready").asBoolean() ? 1 : 0;
        }
        yield ready + "/" + object.path("spec").path("containers").size();
      }
      case "#podStatus" -> podStatus(object);
      case "#restarts" -> {
        int restarts = 0;
        for (JsonNode status : object.path("status").path("containerStatuses")) {
          restarts += status.path("restartCount").asInt();
        }
        yield Integer.toString(restarts);
      }
      case "#readyOfWanted" ->
          object.path("status").path("readyReplicas").asInt()
              + "/"
              + object.path("spec").path("replicas").asInt();
      case "#nodeStatus" ->
          filtered(object.path("status").path("conditions"), "type", "Ready")
                  .path("status")
                  .asText()
                  .equals("True")
              ? "Ready"
              : "NotReady";
      case "#lastSeen" -> first(object, "lastTimestamp", "deprecatedLastTimestamp", "eventTime");
      case "#regarding" -> {
        JsonNode regarding =
            object.has("regarding") ? object.path("regarding") : object.path("involvedObject");
        yield regarding.path("kind").asText().toLowerCase(java.util.Locale.ROOT)
            + "/"
            + regarding.path("name").asText();
      }
      case "#containers" -> containers(object, "name");
      case "#images" -> containers(object, "image");
      case "#selector" -> selector(object.path("spec").path("selector").path("matchLabels"));
      case "#note" -> first(object, "note", "message");
      case "#data" ->
          Integer.toString(object.path("data").size() + object.path("binaryData").size());
      default -> "";
    };
  }

  private static String containers(JsonNode workload, String field) {
    List<String> values = new ArrayList<>();
    workload
        .path("spec")
        .path("template")
        .path("spec")
        .path("containers")
        .forEach(container -> values.add(container.path(field).asText()));
    return String.join(",", values);
  }

  private static String selector(JsonNode labels) {
    List<String> terms = new ArrayList<>();
    labels
        .properties()
        .forEach(label -> terms.add(label.getKey() + "=" + label.getValue().asText()));
    return String.join(",", terms);
  }

  private static String podStatus(JsonNode pod) {
    if (Meta.deleting(pod)) {
      return "Terminating";
    }
    int done = 0;
    for (JsonNode status : pod.path("status").path("initContainerStatuses")) {
      JsonNode waiting = status.path("state").path("waiting").path("reason");
      if (!waiting.asText("").isEmpty() && !waiting.asText().equals("PodInitializing")) {
        return "Init:" + waiting.asText();
      }
      done += status.path("state").has("terminated") ? 1 : 0;
    }
    int all = pod.path("spec").path("initContainers").size();
    if (done < all && pod.path("spec").has("nodeName")) {
      return "Init:" + done + "/" + all;
    }
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      String waiting = status.path("state").path("waiting").path("reason").asText("");
      if (!waiting.isEmpty()) {
        return waiting;
      }
    }
    return pod.path("status").path("phase").asText();
  }

  private static String first(JsonNode object, String... fields) {
    for (String field : fields) {
      if (!object.path(field).asText("").isEmpty()) {
        return object.path(field).asText();
      }
    }
    return Meta.text(object, "creationTimestamp");
  }

  private String age(String timestamp) {
    if (timestamp.isEmpty()) {
      return "<unknown>";
    }
    Duration age = Duration.between(Instant.parse(timestamp), clock.instant());
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }
}
