package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What is served, as clients discover it: {@code /version}, {@code /api}, {@code /apis}. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  // The order of a real server for kinds of CRDs.
  private static final List<String> CUSTOM_VERBS =
      List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");

  private final ResourceTypes types;

  Discovery(ResourceTypes types) {
    this.types = types;
  }

  /** The answer for a path; empty when it is none of discovery's. */
  Optional<ObjectNode> answer(String path) {
    String[] parts = path.substring(1).split("/");
    if (path.equals("/version")) {
      return Optional.of(
          Json.object()
              .put("major", "1")
              .put("minor", "34")
              .put("gitVersion", "v1.34.2+llmaz")
              .put("platform", "java/any"));
    }
    if (path.equals("/api")) {
      ObjectNode versions = Json.object().put("kind", "APIVersions");
      versions.putArray("versions").add("v1");
      return Optional.of(versions);
    }
    if (path.equals("/apis")) {
      return Optional.of(groups());
    }
    if (path.equals("/api/v1")) {
      return Optional.of(resources("", "v1"));
    }
    if (parts.length == 3 && parts[0].equals("apis")) {
      return Optional.of(resources(parts[1], parts[2]))
          .filter(list -> !list.path("resources").isEmpty());
    }
    if (parts.length == 2 && parts[0].equals("apis")) {
      return Optional.of(
              group(Json.object().put("kind", "APIGroup").put("apiVersion", "v1"), parts[1]))
          .filter(group -> !group.path("versions").isEmpty());
    }
    return Optional.empty();
  }

  /** {@code /apis}. */
  ObjectNode groups() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    TreeSet<String> names = new TreeSet<>(List.of(Reviews.AUTHENTICATION, Reviews.AUTHORIZATION));
    types.all().forEach(type -> names.add(type.group()));
    names.remove("");
    names.forEach(name -> group(groups.addObject(), name));
    return list;
  }

  private ObjectNode group(ObjectNode group, String name) {
    group.put("name", name);
    ArrayNode versions = group.putArray("versions");
    TreeSet<String> served = new TreeSet<>();
    types.all().stream()
        .filter(type -> type.group().equals(name))
        .forEach(type -> served.add(type.version()));
    if (Reviews.serves(name)) {
      served.add("v1");
    }
    for (String version : served) {
      ObjectNode entry =
          versions.addObject().put("groupVersion", name + "/" + version).put("version", version);
      group.set("preferredVersion", entry.deepCopy());
    }
    return group;
  }

  /** {@code /apis/<group>/<version>}. */
  ObjectNode resources(String group, String version) {
    String groupVersion = group.isEmpty() ? version : group + "/" + version;
    ObjectNode list =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", groupVersion);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types.all()) {
      if (type.group().equals(group) && type.version().equals(version)) {
        ObjectNode resource =
            resource(
                resources, type, type.plural(), type.kind(), type.custom() ? CUSTOM_VERBS : VERBS);
        resource.put("singularName", type.singular());
        if (type.custom()) {
          resource.put("storageVersionHash", storageVersionHash(type));
        }
        if (!type.shortNames().isEmpty()) {
          type.shortNames().forEach(resource.putArray("shortNames")::add);
        }
        if (!type.categories().isEmpty()) {
          type.categories().forEach(resource.putArray("categories")::add);
        }
        if (type.status()) {
          resource(
              resources,
              type,
              type.plural() + "/status",
              type.kind(),
              List.of("get", "patch", "update"));
        }
        if (type.scale().isPresent()) {
          resource(
                  resources,
                  type,
                  type.plural() + "/scale",
                  "Scale",
                  List.of("get", "patch", "update"))
              .put("group", "autoscaling")
              .put("version", "v1");
        }
        if (type == ResourceTypes.PODS) {
          resource(resources, type, "pods/log", "Pod", List.of("get"));
        }
        if (type == ResourceTypes.SERVICE_ACCOUNTS) {
          resource(resources, type, "serviceaccounts/token", "TokenRequest", List.of("create"))
              .put("group", Reviews.AUTHENTICATION)
              .put("version", "v1");
        }
      }
    }
    Reviews.KINDS
        .getOrDefault(group, List.of())
        .forEach(kind ->
            resources
                .addObject()
                .put("name", kind.toLowerCase(java.util.Locale.ROOT) + "s")
                .put("singularName", kind.toLowerCase(java.util.Locale.ROOT))
                .put("namespaced", false)
                .put("kind", kind)
                .putArray("verbs")
                .add("create"));
    return list;
  }

  /** The first eight bytes of a digest (apiserver, discovery/storageversionhash.go). */
  private static String storageVersionHash(ResourceType type) {
    String kind = type.group() + "/" + type.version() + "/" + type.kind();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(kind.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256.
    }
  }

  private static ObjectNode resource(
      ArrayNode resources, ResourceType type, String name, String kind, List<String> verbs) {
    ObjectNode resource =
        resources
            .addObject()
            .put("name", name)
            .put("singularName", "")
            .put("namespaced", type.namespaced())
            .put("kind", kind);
    verbs.forEach(resource.putArray("verbs")::add);
    return resource;
  }
}
