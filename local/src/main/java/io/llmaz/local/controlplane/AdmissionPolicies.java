package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/**
 * ValidatingAdmissionPolicies that have a binding: rules in CEL over {@code object}, {@code
 * oldObject} and {@code request} (source: kubernetes.io, "Validating Admission Policy"). Match
 * conditions, parameters and audit annotations are not evaluated.
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
   * @throws ApiException 422 with the rule's message
   */
  void check(ResourceType type, String operation, ObjectNode object, JsonNode before) {
    for (ObjectNode policy : store.list(ResourceTypes.ADMISSION_POLICIES, "").items()) {
      if (bound(Meta.name(policy)) && matches(policy, type, operation)) {
        evaluate(policy, type, operation, object, before);
      }
    }
  }

  private boolean bound(String policy) {
    return store.list(ResourceTypes.ADMISSION_BINDINGS, "").items().stream()
        .anyMatch(binding -> binding.path("spec").path("policyName").asText().equals(policy));
  }

  private static boolean matches(JsonNode policy, ResourceType type, String operation) {
    for (JsonNode rule : policy.path("spec").path("matchConstraints").path("resourceRules")) {
      if (contains(rule.path("apiGroups"), type.group())
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
      JsonNode policy, ResourceType type, String operation, ObjectNode object, JsonNode before) {
    Map<String, Object> values = new HashMap<>();
    values.put("object", Json.plain(object));
    values.put("request", Map.of("operation", operation));
    if (!before.isMissingNode()) {
      values.put("oldObject", Json.plain(before));
    } else {
      values.put("oldObject", dev.cel.common.values.NullValue.NULL_VALUE);
    }
    Map<String, Object> variables = new HashMap<>();
    values.put("variables", variables);
    for (JsonNode variable : policy.path("spec").path("variables")) {
      variables.put(
          variable.path("name").asText(),
          RULES.evaluate(variable.path("expression").asText(), values));
    }
    for (JsonNode validation : policy.path("spec").path("validations")) {
      String expression = validation.path("expression").asText();
      if (!Boolean.TRUE.equals(RULES.evaluate(expression, values))) {
        String message =
            validation.has("messageExpression")
                ? String.valueOf(
                    RULES.evaluate(validation.path("messageExpression").asText(), values))
                : validation.path("message").asText("failed expression: " + expression);
        throw new ApiException(
            422,
            validation.path("reason").asText("Invalid"),
            "%s \"%s\" is forbidden: ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s"
                .formatted(
                    type.qualified(),
                    Meta.name(object),
                    Meta.name(policy),
                    Meta.name(policy),
                    message));
      }
    }
  }
}
