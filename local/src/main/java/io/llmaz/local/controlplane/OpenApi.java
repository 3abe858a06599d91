package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * {@code /openapi/v3}: enough for {@code kubectl explain} and for kubectl to see that the server
 * validates fields itself. Kinds of CRDs have their whole schema.
 */
final class OpenApi {
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
  private static final ObjectNode METADATA = metadata();

  private final ResourceTypes types;

  OpenApi(ResourceTypes types) {
    this.types = types;
  }

  Optional<ObjectNode> answer(String path) {
    if (path.equals("/openapi/v3")) {
      ObjectNode root = Json.object();
      ObjectNode paths = root.putObject("paths");
      TreeSet<String> prefixes = new TreeSet<>();
      types.all().forEach(type -> prefixes.add(prefix(type)));
      prefixes.forEach(
          prefix -> paths.putObject(prefix).put("serverRelativeURL", "/openapi/v3/" + prefix));
      return Optional.of(root);
    }
    if (!path.startsWith("/openapi/v3/")) {
      return Optional.empty();
    }
    String prefix = path.substring("/openapi/v3/".length());
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.34.2");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    types.all().stream()
        .filter(type -> prefix(type).equals(prefix))
        .forEach(type -> {
          describePaths(paths, prefix, type);
          describeSchema(schemas, type);
        });
    schemas.setAll(METADATA.deepCopy());
    return paths.isEmpty() ? Optional.empty() : Optional.of(document);
  }

  private static ObjectNode metadata() {
    try (InputStream in =
        OpenApi.class.getResourceAsStream("/io/llmaz/local/metadata-schemas.json")) {
      return (ObjectNode) Json.read(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String prefix(ResourceType type) {
    return type.group().isEmpty() ? "api/v1" : "apis/" + type.group() + "/" + type.version();
  }

  private static void describePaths(ObjectNode paths, String prefix, ResourceType type) {
    String base = "/" + prefix + (type.namespaced() ? "/namespaces/{namespace}/" : "/");
    operation(paths, base + type.plural(), "get", "list", type);
    operation(paths, base + type.plural(), "post", "post", type);
    for (String[] method : new String[][] {{"get", "get"}, {"put", "put"}, {"patch", "patch"}}) {
      operation(paths, base + type.plural() + "/{name}", method[0], method[1], type);
    }
  }

  private static void operation(
      ObjectNode paths, String path, String method, String action, ResourceType type) {
    ObjectNode operation = Json.child(paths, path).putObject(method);
    operation.put("x-kubernetes-action", action);
    operation.set("x-kubernetes-group-version-kind", groupVersionKind(type));
    for (String parameter : new String[] {"dryRun", "fieldManager", "fieldValidation"}) {
      Json.child(operation, "responses");
      operation
          .withArray("parameters")
          .addObject()
          .put("name", parameter)
          .put("in", "query")
          .putObject("schema")
          .put("type", "string");
    }
  }

  private static void describeSchema(ObjectNode schemas, ResourceType type) {
    ObjectNode schema =
        type.schema() instanceof ObjectNode given
            ? given.deepCopy()
            : Json.object().put("type", "object");
    ObjectNode properties = Json.child(schema, "properties");
    for (String field : new String[] {"apiVersion", "kind"}) {
      if (!properties.has(field)) {
        properties.putObject(field).put("type", "string");
      }
    }
    ObjectNode metadata =
        properties.putObject("metadata").put("description", "Standard object's metadata.");
    metadata.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + OBJECT_META);
    schema.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(type));
    String reversed = type.group().isEmpty() ? "core" : reverse(type.group());
    schemas.set(reversed + "." + type.version() + "." + type.kind(), schema);
  }

  private static JsonNode groupVersionKind(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  private static String reverse(String group) {
    String[] parts = group.split("\\.");
    StringBuilder reversed = new StringBuilder();
    for (int i = parts.length - 1; i >= 0; i--) {
      reversed.append(reversed.isEmpty() ? "" : ".").append(parts[i]);
    }
    return reversed.toString();
  }
}
