package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;

/**
 * A kind that is served.
 *
 * @param group empty for the core group
 * @param schema the OpenAPI v3 schema; missing for built-in kinds, which are taken as they come
 * @param columns of tables, besides the name
 */
record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    boolean status,
    Optional<ScalePaths> scale,
    JsonNode schema,
    List<Column> columns) {

  /** Where the scale subresource finds its values, as dotted paths. */
  record ScalePaths(String specReplicas, String statusReplicas, String selector) {}

  /** A column of a table. */
  record Column(String name, String type, String jsonPath, int priority) {}

  ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    columns = List.copyOf(columns);
  }

  static ResourceType builtIn(
      String group,
      String version,
      String plural,
      String kind,
      boolean namespaced,
      String... more) {
    return new ResourceType(
        group,
        version,
        plural,
        kind.toLowerCase(java.util.Locale.ROOT),
        kind,
        List.of(more),
        List.of(),
        namespaced,
        true,
        Optional.empty(),
        MissingNode.getInstance(),
        List.of());
  }

  ResourceType scaled(String selector) {
    return new ResourceType(
        group,
        version,
        plural,
        singular,
        kind,
        shortNames,
        List.of("all"),
        namespaced,
        status,
        Optional.of(new ScalePaths("spec.replicas", "status.replicas", selector)),
        schema,
        columns);
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As errors name it: {@code playgrounds.inference.llmaz.io}. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean custom() {
    return !schema.isMissingNode();
  }
}
