package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.NullValue;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * ValidatingAdmissionPolicies that a binding enforces or warns by: rules in CEL over {@code
 * object}, {@code oldObject}, {@code request} and {@code variables} (source: kubernetes.io,
 * "Validating Admission Policy"). Parameters, selectors and audit annotations are not evaluated.
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
   * @param warnings gets what bindings only warn of
   * @throws ApiException with the rule's message, and the code of its reason
   */
  void check(
      ResourceType type,
      String operation,
      ObjectNode object,
      JsonNode before,
      Consumer<String> warnings) {
    for (ObjectNode policy : store.list(ResourceTypes.ADMISSION_POLICIES, "").items()) {
      if (matches(policy, type, operation)) {
        for (JsonNode binding : store.list(ResourceTypes.ADMISSION_BINDINGS, "").items()) {
          JsonNode actions = binding.path("spec").path("validationActions");
          if (!binding.path("spec").path("policyName").asText().equals(Meta.name(policy))) {
            continue;
          }
          String names =
              "ValidatingAdmissionPolicy '%s' with binding '%s'"
                  .formatted(Meta.name(policy), Meta.name(binding));
          if (contains(actions, "Deny")) {
            deny(type, object, names, failures(policy, operation, object, before).findFirst());
          }
          if (contains(actions, "Warn")) {
            failures(policy, operation, object, before)
                .forEach(failure ->
                    warnings.accept("Validation failed for " + names + ": " + failure.message()));
          }
        }
      }
    }
  }

  private static void deny(
      ResourceType type, ObjectNode object, String names, Optional<Failure> failure) {
    if (failure.isPresent()) {
      throw ApiException.denied(
          type,
          Meta.name(object),
          failure.get().reason(),
          names + " denied request: " + failure.get().message());
    }
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

  /** A validation that does not hold. */
  private record Failure(String message, String reason) {}

  /** What does not hold, evaluated one by one as it is asked for. */
  private static Stream<Failure> failures(
      JsonNode policy, String operation, ObjectNode object, JsonNode before) {
    Map<String, Object> values = new HashMap<>();
    values.put("object", Json.plain(object));
    values.put("request", Map.of("operation", operation));
    values.put("oldObject", before.isMissingNode() ? NullValue.NULL_VALUE : Json.plain(before));
    values.put("variables", new Variables(policy.path("spec").path("variables"), values));
    for (JsonNode condition : policy.path("spec").path("matchConditions")) {
      if (!holds(condition.path("expression").asText(), values)) {
        return Stream.empty();
      }
    }
    return StreamSupport.stream(policy.path("spec").path("validations").spliterator(), false)
        .filter(validation -> !holds(validation.path("expression").asText(), values))
        .map(validation ->
            new Failure(message(validation, values), validation.path("reason").asText("Invalid")));
  }

  private static String message(JsonNode validation, Map<String, Object> values) {
    return validation.has("messageExpression")
        ? String.valueOf(RULES.evaluate(validation.path("messageExpression").asText(), values))
        : validation
            .path("message")
            .asText("failed expression: " + validation.path("expression").asText());
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
