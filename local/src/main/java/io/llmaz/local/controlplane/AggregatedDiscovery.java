package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Discovery in one answer, which clients since Kubernetes 1.26 ask for first (source:
 * kubernetes.io, "The Kubernetes API", Aggregated discovery). It says the same as {@link
 * Discovery}, from which it is made.
 */
final class AggregatedDiscovery {
  /** What the answer is; clients look at each part of it. */
  static final String MEDIA_TYPE =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private static final String GROUP = "apidiscovery.k8s.io";

  private final Discovery discovery;

  AggregatedDiscovery(Discovery discovery) {
    this.discovery = discovery;
  }

  /** Whether a client takes this form of it. */
  static boolean wanted(String accept) {
    for (String type : accept.split(",")) {
      String parts = type.replace(" ", "");
      if (parts.contains("g=" + GROUP)
          && parts.contains("v=v2;")
          && parts.contains("as=APIGroupDiscoveryList")) {
        return true;
      }
    }
    return false;
  }

  /** The core group. */
  ObjectNode core() {
    ObjectNode list = list();
    ObjectNode item = list.withArray("items").addObject();
    item.putObject("metadata");
    version(item.putArray("versions"), "", "v1");
    return list;
  }

  /** All other groups. */
  ObjectNode groups() {
    ObjectNode list = list();
    ArrayNode items = list.withArray("items");
    for (JsonNode group : discovery.groups().path("groups")) {
      String name = group.path("name").asText();
      ObjectNode item = items.addObject();
      item.putObject("metadata").put("name", name);
      ArrayNode versions = item.putArray("versions");
      group
          .path("versions")
          .forEach(version -> version(versions, name, version.path("version").asText()));
    }
    return list;
  }

  private static ObjectNode list() {
    ObjectNode list =
        Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", GROUP + "/v2");
    list.putObject("metadata");
    list.putArray("items");
    return list;
  }

  private void version(ArrayNode versions, String group, String version) {
    ObjectNode entry = versions.addObject().put("version", version);
    ArrayNode resources = entry.putArray("resources");
    Map<String, ObjectNode> byName = new HashMap<>();
    for (JsonNode resource : discovery.resources(group, version).path("resources")) {
      String[] name = resource.path("name").asText().split("/", 2);
      ObjectNode into =
          name.length == 1
              ? resources.addObject().put("resource", name[0])
              : Objects.requireNonNull(byName.get(name[0]), "a kind stands before its parts")
                  .withArray("subresources")
                  .addObject()
                  .put("subresource", name[1]);
      into.putObject("responseKind")
          .put("group", resource.path("group").asText(group))
          .put("version", resource.path("version").asText(version))
          .put("kind", resource.path("kind").asText());
      if (name.length == 1) {
        byName.put(name[0], into);
        into.put("scope", resource.path("namespaced").asBoolean() ? "Namespaced" : "Cluster")
            .put("singularResource", resource.path("singularName").asText());
        copy(resource, "shortNames", into);
        copy(resource, "categories", into);
      }
      into.set("verbs", resource.path("verbs"));
    }
    entry.put("freshness", "Current");
  }

  private static void copy(JsonNode from, String field, ObjectNode to) {
    if (from.has(field)) {
      to.set(field, from.path(field));
    }
  }
}
