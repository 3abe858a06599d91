package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.NullValue;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ValidatingAdmissionPolicies that a binding enforces: rules in CEL over {@code object}, {@code
 * oldObject}, {@code request} and {@code variables} (source: kubernetes.io, "Validating Admission
 * Policy"). Parameters, selectors and audit annotations are not evaluated.
 */
final class AdmissionPolicies {
  private static final CelRules RULES = new CelRules("object", "oldObject", "request", "variables");

  private final ResourceStore store;

  AdmissionPolicies(ResourceStore store) {
    this.store = store;
  }

  /**
   * Lets a change pass, or not.
   *
   * @param operation {@code CREATE}, {@code UPDATE} or {@code DELETE}
   * @throws ApiException with the rule's message, and the code of its reason
   */
  void check(ResourceType type, String operation, ObjectNode object, JsonNode before) {
    for (ObjectNode policy : store.list(ResourceTypes.ADMISSION_POLICIES, "").items()) {
      if (matches(policy, type, operation)) {
        String binding = binding(Meta.name(policy));
        if (binding != null) {
          evaluate(policy, binding, type, operation, object, before);
        }
      }
    }
  }

  private @Nullable String binding(String policy) {
    for (JsonNode binding : store.list(ResourceTypes.ADMISSION_BINDINGS, "").items()) {
      if (binding.path("spec").path("policyName").asText().equals(policy)
          && contains(binding.path("spec").path("validationActions"), "Deny")) {
        return Meta.name(binding);
      }
    }
    return null;
  }

  private static boolean matches(JsonNode policy, ResourceType type, String operation) {
    for (JsonNode rule : policy.path("spec").path("matchConstraints").path("resourceRules")) {
      if (contains(rule.path("apiGroups"), type.group())
          && contains(rule.path("apiVersions"), type.version())
          && contains(rule.path("resources"), type.plural())
          && contains(rule.path("operations"), operation)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(JsonNode list, String value) {
    for (JsonNode item : list) {
      if (item.asText().equals("*") || item.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static void evaluate(
      JsonNode policy,
      String binding,
      ResourceType type,
      String operation,
      ObjectNode object,
      JsonNode before) {
    Map<String, Object> values = new HashMap<>();
    values.put("object", Json.plain(object));
    values.put("request", Map.of("operation", operation));
    values.put("oldObject", before.isMissingNode() ? NullValue.NULL_VALUE : Json.plain(before));
    values.put("variables", new Variables(policy.path("spec").path("variables"), values));
    for (JsonNode condition : policy.path("spec").path("matchConditions")) {
      if (!holds(condition.path("expression").asText(), values)) {
        return;
      }
    }
    for (JsonNode validation : policy.path("spec").path("validations")) {
      String expression = validation.path("expression").asText();
      if (!holds(expression, values)) {
        String message =
            validation.has("messageExpression")
                ? String.valueOf(
                    RULES.evaluate(validation.path("messageExpression").asText(), values))
                : validation.path("message").asText("failed expression: " + expression);
        throw ApiException.denied(
            type,
            Meta.name(object),
            validation.path("reason").asText("Invalid"),
            "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s"
                .formatted(Meta.name(policy), binding, message));
      }
    }
  }

  private static boolean holds(String expression, Map<String, Object> values) {
    return Boolean.TRUE.equals(RULES.evaluate(expression, values));
  }

  /** A policy's variables, each evaluated when it is first asked for. */
  private static final class Variables extends AbstractMap<String, Object> {
    private final Map<String, String> expressions = new HashMap<>();
    private final Map<String, Object> known = new HashMap<>();
    private final Map<String, Object> values;

    Variables(JsonNode variables, Map<String, Object> values) {
      for (JsonNode variable : variables) {
        expressions.put(variable.path("name").asText(), variable.path("expression").asText());
      }
      this.values = values;
    }

    @Override
    public boolean containsKey(Object name) {
      return expressions.containsKey(name);
    }

    @Override
    public @Nullable Object get(Object name) {
      String expression = expressions.get(name);
      if (expression == null) {
        return null;
      }
      Object value = known.get(name);
      if (value == null) {
        value = RULES.evaluate(expression, values);
        known.put((String) name, value);
      }
      return value;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      throw new UnsupportedOperationException("variables are read one by one");
    }
  }
}
