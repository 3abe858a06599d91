package io.llmaz.local.controlplane;

import static io.llmaz.local.controlplane.ResourceType.builtIn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The kinds that are served: what is built in, and what CRDs add. Safe for many threads. */
final class ResourceTypes {
  static final ResourceType NAMESPACES = builtIn("", "v1", "namespaces", "Namespace", false, "ns");
  static final ResourceType PODS = builtIn("", "v1", "pods", "Pod", true, "po");
  static final ResourceType SERVICE_ACCOUNTS =
      builtIn("", "v1", "serviceaccounts", "ServiceAccount", true, "sa");
  static final ResourceType CRDS =
      builtIn(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false,
          "crd",
          "crds");
  private static final String RBAC = "rbac.authorization.k8s.io";
  static final ResourceType ROLES = builtIn(RBAC, "v1", "roles", "Role", true);
  static final ResourceType CLUSTER_ROLES =
      builtIn(RBAC, "v1", "clusterroles", "ClusterRole", false);
  static final ResourceType ROLE_BINDINGS =
      builtIn(RBAC, "v1", "rolebindings", "RoleBinding", true);
  static final ResourceType CLUSTER_ROLE_BINDINGS =
      builtIn(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding", false);
  private static final String ADMISSION = "admissionregistration.k8s.io";
  static final ResourceType ADMISSION_POLICIES =
      builtIn(ADMISSION, "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", false);
  static final ResourceType ADMISSION_BINDINGS =
      builtIn(
          ADMISSION,
          "v1",
          "validatingadmissionpolicybindings",
          "ValidatingAdmissionPolicyBinding",
          false);

  private static final List<ResourceType> BUILT_IN =
      List.of(
          NAMESPACES,
          PODS,
          SERVICE_ACCOUNTS,
          CRDS,
          ROLES,
          CLUSTER_ROLES,
          ROLE_BINDINGS,
          CLUSTER_ROLE_BINDINGS,
          ADMISSION_POLICIES,
          ADMISSION_BINDINGS,
          builtIn("", "v1", "nodes", "Node", false, "no"),
          builtIn("", "v1", "services", "Service", true, "svc"),
          builtIn("", "v1", "endpoints", "Endpoints", true, "ep"),
          builtIn("", "v1", "configmaps", "ConfigMap", true, "cm"),
          builtIn("", "v1", "secrets", "Secret", true),
          builtIn("", "v1", "events", "Event", true, "ev"),
          builtIn("events.k8s.io", "v1", "events", "Event", true, "ev"),
          builtIn("apps", "v1", "deployments", "Deployment", true, "deploy").scaled(".selector"),
          builtIn("apps", "v1", "replicasets", "ReplicaSet", true, "rs").scaled(".selector"),
          builtIn(
              "autoscaling",
              "v2",
              "horizontalpodautoscalers",
              "HorizontalPodAutoscaler",
              true,
              "hpa"),
          builtIn("coordination.k8s.io", "v1", "leases", "Lease", true),
          builtIn("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb"));

  private final Map<String, ResourceType> types = new ConcurrentSkipListMap<>();

  ResourceTypes() {
    BUILT_IN.forEach(this::add);
  }

  Collection<ResourceType> all() {
    return types.values();
  }

  Optional<ResourceType> find(String group, String version, String plural) {
    return Optional.ofNullable(types.get(key(group, plural)))
        .filter(type -> type.version().equals(version));
  }

  boolean serves(String group, String version) {
    return types.values().stream()
        .anyMatch(type -> type.group().equals(group) && type.version().equals(version));
  }

  Optional<ResourceType> ofKind(String apiVersion, String kind) {
    return types.values().stream()
        .filter(type -> type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
        .findFirst();
  }

  Optional<ResourceType> named(String qualified) {
    return types.values().stream().filter(t -> t.qualified().equals(qualified)).findFirst();
  }

  void remove(ResourceType type) {
    types.remove(key(type.group(), type.plural()));
  }

  /** Serves what a CRD describes; of several versions the one that is stored. */
  ResourceType addCrd(JsonNode crd) {
    JsonNode spec = crd.path("spec");
    JsonNode names = spec.path("names");
    JsonNode version = spec.path("versions").path(0);
    for (JsonNode candidate : spec.path("versions")) {
      version = candidate.path("storage").asBoolean() ? candidate : version;
    }
    JsonNode scale = version.path("subresources").path("scale");
    List<ResourceType.Column> columns = new ArrayList<>();
    for (JsonNode column : version.path("additionalPrinterColumns")) {
      columns.add(
          new ResourceType.Column(
              column.path("name").asText(),
              column.path("type").asText(),
              column.path("jsonPath").asText(),
              column.path("priority").asInt()));
    }
    ResourceType type =
        new ResourceType(
            spec.path("group").asText(),
            version.path("name").asText(),
            names.path("plural").asText(),
            names.path("singular").asText(),
            names.path("kind").asText(),
            texts(names.path("shortNames")),
            texts(names.path("categories")),
            spec.path("scope").asText().equals("Namespaced"),
            version.path("subresources").has("status"),
            scale.isMissingNode()
                ? Optional.empty()
                : Optional.of(
                    new ResourceType.ScalePaths(
                        undotted(scale.path("specReplicasPath").asText()),
                        undotted(scale.path("statusReplicasPath").asText()),
                        undotted(scale.path("labelSelectorPath").asText()))),
            version.path("schema").path("openAPIV3Schema"),
            columns);
    add(type);
    return type;
  }

  private void add(ResourceType type) {
    types.put(key(type.group(), type.plural()), type);
  }

  private static String key(String group, String plural) {
    return group + "/" + plural;
  }

  private static String undotted(String path) {
    return path.startsWith(".") ? path.substring(1) : path;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
