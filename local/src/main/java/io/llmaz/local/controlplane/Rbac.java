package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Role-based access control over the stored roles and bindings. */
final class Rbac {
  private final ResourceStore store;

  /**
   * What somebody wants to do.
   *
   * @param resource with its subresource, as in {@code pods/log}
   * @param namespace empty for cluster-scoped resources and for all namespaces
   * @param name empty when no single object is meant
   */
  record Access(String verb, String group, String resource, String namespace, String name) {}

  Rbac(ResourceStore store) {
    this.store = store;
  }

  boolean allows(User user, Access access) {
    if (user.groups().contains("system:masters")) {
      return true;
    }
    for (ObjectNode binding : store.list(ResourceTypes.CLUSTER_ROLE_BINDINGS, "").items()) {
      if (isFor(binding, user, "") && grants(binding, "", access)) {
        return true;
      }
    }
    if (!access.namespace().isEmpty()) {
      for (ObjectNode binding :
          store.list(ResourceTypes.ROLE_BINDINGS, access.namespace()).items()) {
        if (isFor(binding, user, access.namespace())
            && grants(binding, access.namespace(), access)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isFor(JsonNode binding, User user, String defaultNamespace) {
    for (JsonNode subject : binding.path("subjects")) {
      String name = subject.path("name").asText();
      boolean matches =
          switch (subject.path("kind").asText()) {
            case "ServiceAccount" ->
                user.name()
                    .equals(
                        "system:serviceaccount:"
                            + subject.path("namespace").asText(defaultNamespace)
                            + ":"
                            + name);
            case "Group" -> user.groups().contains(name);
            default -> user.name().equals(name);
          };
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private boolean grants(JsonNode binding, String namespace, Access access) {
    JsonNode reference = binding.path("roleRef");
    String name = reference.path("name").asText();
    Optional<ObjectNode> role =
        reference.path("kind").asText().equals("ClusterRole")
            ? store.get(ResourceStore.Key.of(ResourceTypes.CLUSTER_ROLES, "", name))
            : store.get(ResourceStore.Key.of(ResourceTypes.ROLES, namespace, name));
    if (role.isEmpty()) {
      return false;
    }
    for (JsonNode rule : role.get().path("rules")) {
      if (has(rule.path("verbs"), access.verb())
          && has(rule.path("apiGroups"), access.group())
          && has(rule.path("resources"), access.resource())
          && (rule.path("resourceNames").isEmpty()
              || has(rule.path("resourceNames"), access.name()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(JsonNode list, String value) {
    for (JsonNode item : list) {
      if (item.asText().equals("*") || item.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }
}
