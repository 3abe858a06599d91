package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors as query parameters write them. */
final class Selector {
  private static final Pattern SET =
      Pattern.compile("\\s*([\\w./-]+)\\s+(in|notin)\\s+\\(([^)]*)\\)\\s*");
  private static final Pattern OPERATOR = Pattern.compile("[\\w./-]+\\s+(\\w+)(\\s.*)?");
  // Commas separate requirements, but not inside the parentheses of a set.
  private static final Pattern SEPARATOR = Pattern.compile(",(?![^(]*\\))");

  private static final Set<String> COMMON_FIELDS = Set.of("metadata.name", "metadata.namespace");

  /** Fields of built-in kinds by which one can select (Kubernetes, conversion.go of each group). */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "pods",
              Set.of(
                  "spec.nodeName",
                  "spec.restartPolicy",
                  "spec.schedulerName",
                  "spec.serviceAccountName",
                  "spec.hostNetwork",
                  "status.phase",
                  "status.podIP",
                  "status.podIPs",
                  "status.nominatedNodeName"),
          "events",
              Set.of(
                  "involvedObject.kind",
                  "involvedObject.namespace",
                  "involvedObject.name",
                  "involvedObject.uid",
                  "involvedObject.apiVersion",
                  "involvedObject.resourceVersion",
                  "involvedObject.fieldPath",
                  "regarding.kind",
                  "regarding.namespace",
                  "regarding.name",
                  "regarding.uid",
                  "regarding.apiVersion",
                  "reason",
                  "reportingComponent",
                  "reportingController",
                  "source",
                  "type"),
          "namespaces", Set.of("status.phase"),
          "nodes", Set.of("spec.unschedulable"),
          "secrets", Set.of("type"),
          "services", Set.of("spec.clusterIP", "spec.type"),
          "replicasets", Set.of("status.replicas"));

  private Selector() {}

  static Predicate<JsonNode> labels(String text) {
    List<Predicate<JsonNode>> all = new ArrayList<>();
    for (String part : SEPARATOR.split(text)) {
      if (!part.isBlank()) {
        all.add(labelRequirement(part.trim()));
      }
    }
    return object -> all.stream().allMatch(requirement -> requirement.test(object));
  }

  static Predicate<JsonNode> fields(String text, ResourceType type) {
    List<Predicate<JsonNode>> all = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        all.add(fieldRequirement(part.trim(), type));
      }
    }
    return object -> all.stream().allMatch(requirement -> requirement.test(object));
  }

  private static Predicate<JsonNode> labelRequirement(String part) {
    Matcher words = OPERATOR.matcher(part);
    if (words.matches() && !SET.matcher(part).matches()) {
      throw ApiException.badRequest(
          "unable to parse requirement: found '%s', expected: in, notin, =, ==, !=, gt, lt"
              .formatted(words.group(1)));
    }
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      Set<String> values = Set.of(set.group(3).trim().split("\\s*,\\s*"));
      boolean in = set.group(2).equals("in");
      String key = set.group(1);
      return object -> values.contains(label(object, key)) == in;
    }
    int notEqual = part.indexOf("!=");
    if (notEqual > 0) {
      String key = part.substring(0, notEqual).trim();
      String value = part.substring(notEqual + 2).trim();
      return object -> !label(object, key).equals(value);
    }
    int equal = part.indexOf('=');
    if (equal > 0) {
      String key = part.substring(0, equal).trim();
      String value = part.substring(part.lastIndexOf('=') + 1).trim();
      return object -> has(object, key) && label(object, key).equals(value);
    }
    return part.startsWith("!")
        ? object -> !has(object, part.substring(1).trim())
        : object -> has(object, part);
  }

  private static Predicate<JsonNode> fieldRequirement(String part, ResourceType type) {
    boolean negated = part.contains("!=");
    int at = negated ? part.indexOf("!=") : part.indexOf('=');
    if (at < 0) {
      throw ApiException.badRequest(
          "invalid selector: '%s'; can't understand '%s'".formatted(part, part));
    }
    String path = part.substring(0, at);
    Set<String> more = FIELDS.getOrDefault(type.plural(), Set.of());
    if (!COMMON_FIELDS.contains(path) && (type.custom() || !more.contains(path))) {
      throw ApiException.badRequest(
          type.custom() || !more.isEmpty()
              ? "field label not supported: " + path
              : "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                  .formatted(path));
    }
    String value = part.substring(part.lastIndexOf('=') + 1);
    return object -> {
      JsonNode node = object;
      for (String name : path.split("\\.")) {
        node = node.path(name);
      }
      return node.asText("").equals(value) != negated;
    };
  }

  private static boolean has(JsonNode object, String label) {
    return object.path("metadata").path("labels").has(label);
  }

  private static String label(JsonNode object, String label) {
    return object.path("metadata").path("labels").path(label).asText("");
  }
}
