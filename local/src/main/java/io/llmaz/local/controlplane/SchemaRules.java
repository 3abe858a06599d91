package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.local.controlplane.ApiException.Cause;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What a structural schema says of an object's values: types, bounds, keys of lists, and the CEL
 * rules. Messages are those of a real API server.
 */
final class SchemaRules {
  private static final CelRules RULES = new CelRules("self", "oldSelf");

  private SchemaRules() {}

  /** Everything that is wrong; {@code before} as in {@link Schema#validate}. */
  static List<Cause> check(ObjectNode object, JsonNode before, JsonNode schema) {
    List<Cause> causes = new ArrayList<>();
    validate("", object, before, schema, causes);
    return causes;
  }

  private static void validate(
      String path, JsonNode node, JsonNode before, JsonNode schema, List<Cause> causes) {
    if (schema.isMissingNode() || (node.isNull() && schema.path("nullable").asBoolean())) {
      return;
    }
    String at = path.isEmpty() ? "<nil>" : path.substring(1);
    if (!typeMatches(node, schema)) {
      causes.add(
          new Cause(
              "FieldValueTypeInvalid",
              at,
              "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
                  .formatted(typeOf(node), at, schema.path("type").asText(), typeOf(node))));
      return;
    }
    switch (node) {
      case ObjectNode object -> validateObject(path, object, before, schema, causes);
      case ArrayNode list -> validateList(path, list, before, schema, causes);
      default -> validateScalar(at, node, schema, causes);
    }
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      checkRule(at, node, before, rule, causes);
    }
  }

  private static void validateObject(
      String path, ObjectNode object, JsonNode before, JsonNode schema, List<Cause> causes) {
    for (JsonNode required : schema.path("required")) {
      if (!object.has(required.asText())) {
        String field = (path + "." + required.asText()).substring(1);
        causes.add(new Cause("FieldValueRequired", field, "Required value"));
      }
    }
    if (schema.has("maxProperties") && object.size() > schema.path("maxProperties").asInt()) {
      causes.add(
          new Cause(
              "FieldValueTooMany",
              path.substring(1),
              "Too many: "
                  + object.size()
                  + ": must have at most "
                  + schema.path("maxProperties").asInt()
                  + " items"));
    }
    object
        .properties()
        .forEach(entry -> {
          if (path.isEmpty() && entry.getKey().equals("metadata")) {
            return; // The API server's own, validated by it.
          }
          validate(
              path + "." + entry.getKey(),
              entry.getValue(),
              before.path(entry.getKey()),
              Schema.property(schema, entry.getKey()),
              causes);
        });
  }

  private static void validateList(
      String path, ArrayNode list, JsonNode before, JsonNode schema, List<Cause> causes) {
    String at = path.substring(1);
    if (schema.has("maxItems") && list.size() > schema.path("maxItems").asInt()) {
      causes.add(
          new Cause(
              "FieldValueTooMany",
              at,
              "Too many: "
                  + list.size()
                  + ": must have at most "
                  + schema.path("maxItems").asInt()
                  + " items"));
    }
    if (schema.has("minItems") && list.size() < schema.path("minItems").asInt()) {
      causes.add(
          new Cause(
              "FieldValueInvalid",
              at,
              "Invalid value: %d: %s in body should have at least %d items"
                  .formatted(list.size(), at, schema.path("minItems").asInt())));
    }
    Set<String> seen = new HashSet<>();
    ListRules rules = ListRules.of(schema);
    for (int i = 0; i < list.size(); i++) {
      String element = FieldSet.element("", list.get(i), list, rules).orElse("");
      if (!element.isEmpty() && !seen.add(element)) {
        causes.add(
            new Cause(
                "FieldValueDuplicate",
                at + "[" + i + "]",
                "Duplicate value: " + element.substring(2)));
      }
      JsonNode old = MissingNode.getInstance();
      if (element.startsWith("k:") && before instanceof ArrayNode oldList) {
        for (JsonNode candidate : oldList) {
          if (FieldSet.element("", candidate, oldList, rules).filter(element::equals).isPresent()) {
            old = candidate;
          }
        }
      }
      validate(path + "[" + i + "]", list.get(i), old, schema.path("items"), causes);
    }
  }

  private static void validateScalar(
      String at, JsonNode node, JsonNode schema, List<Cause> causes) {
    if (schema.has("enum")
        && StreamSupport.stream(schema.path("enum").spliterator(), false).noneMatch(node::equals)) {
      List<String> values = new ArrayList<>();
      schema.path("enum").forEach(value -> values.add("\"" + value.asText() + "\""));
      causes.add(
          new Cause(
              "FieldValueNotSupported",
              at,
              "Unsupported value: \"%s\": supported values: %s"
                  .formatted(node.asText(), String.join(", ", values))));
    }
    if (node.isTextual()) {
      validateText(at, node.asText(), schema, causes);
    } else if (node.isNumber()) {
      if (schema.has("minimum") && node.asDouble() < schema.path("minimum").asDouble()) {
        causes.add(bound(at, node, "greater", schema.path("minimum")));
      }
      if (schema.has("maximum") && node.asDouble() > schema.path("maximum").asDouble()) {
        causes.add(bound(at, node, "less", schema.path("maximum")));
      }
    }
  }

  private static Cause bound(String at, JsonNode node, String word, JsonNode limit) {
    return new Cause(
        "FieldValueInvalid",
        at,
        "Invalid value: %s: %s in body should be %s than or equal to %s"
            .formatted(node.asText(), at, word, limit.asText()));
  }

  private static void validateText(String at, String text, JsonNode schema, List<Cause> causes) {
    String pattern = schema.path("pattern").asText("");
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
      causes.add(
          new Cause(
              "FieldValueInvalid",
              at,
              "Invalid value: \"%s\": %s in body should match '%s'".formatted(text, at, pattern)));
    }
    if (schema.has("minLength") && text.length() < schema.path("minLength").asInt()) {
      causes.add(
          new Cause(
              "FieldValueInvalid",
              at,
              "Invalid value: \"%s\": %s in body should be at least %d chars long"
                  .formatted(text, at, schema.path("minLength").asInt())));
    }
    if (schema.has("maxLength") && text.length() > schema.path("maxLength").asInt()) {
      causes.add(
          new Cause(
              "FieldValueTooLong",
              at,
              "Too long: may not be more than " + schema.path("maxLength").asInt() + " bytes"));
    }
    if (schema.path("format").asText().equals("date-time") && !isDateTime(text)) {
      causes.add(
          new Cause(
              "FieldValueTypeInvalid",
              at,
              "Invalid value: \"%s\": %s in body must be of type date-time: \"%s\""
                  .formatted(text, at, text)));
    }
  }

  private static void checkRule(
      String at, JsonNode node, JsonNode before, JsonNode rule, List<Cause> causes) {
    String expression = rule.path("rule").asText();
    boolean compares = Pattern.compile("\\boldSelf\\b").matcher(expression).find();
    if (compares && before.isMissingNode()) {
      return; // A transition rule says nothing about a new value.
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", Json.plain(node));
    variables.put("oldSelf", before.isMissingNode() ? Map.of() : Json.plain(before));
    if (!Boolean.TRUE.equals(RULES.evaluate(expression, variables))) {
      String message = rule.path("message").asText("failed rule: " + expression);
      String type = node.isObject() ? "object" : node.isArray() ? "array" : node.asText();
      causes.add(new Cause("FieldValueInvalid", at, "Invalid value: \"" + type + "\": " + message));
    }
  }

  private static boolean typeMatches(JsonNode node, JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return node.isIntegralNumber() || node.isTextual();
    }
    return switch (schema.path("type").asText("")) {
      case "object" -> node.isObject();
      case "array" -> node.isArray();
      case "string" -> node.isTextual();
      case "integer" -> node.isIntegralNumber();
      case "number" -> node.isNumber();
      case "boolean" -> node.isBoolean();
      default -> true;
    };
  }

  private static String typeOf(JsonNode node) {
    return node.isIntegralNumber()
        ? "integer"
        : node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static boolean isDateTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException malformed) {
      return false;
    }
  }
}
