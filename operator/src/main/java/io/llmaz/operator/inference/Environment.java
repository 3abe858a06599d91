package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists of environment variables, one of each name, in a stable order. */
final class Environment {
  private Environment() {}

  /** The base in its order, with values of the same name replaced, then what is new. */
  static List<EnvVar> override(List<EnvVar> base, List<EnvVar> over) {
    Map<String, EnvVar> byName = new LinkedHashMap<>();
    base.forEach(variable -> byName.put(variable.getName(), variable));
    over.forEach(variable -> byName.put(variable.getName(), variable));
    return new ArrayList<>(byName.values());
  }

  /** The base, then what it does not name yet: what a user wrote wins. */
  static List<EnvVar> complete(List<EnvVar> base, List<EnvVar> more) {
    Map<String, EnvVar> byName = new LinkedHashMap<>();
    base.forEach(variable -> byName.put(variable.getName(), variable));
    more.forEach(variable -> byName.putIfAbsent(variable.getName(), variable));
    return new ArrayList<>(byName.values());
  }

  static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  static EnvVar fromSecret(String name, String secret, String key) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, secret, true)
        .endValueFrom()
        .build();
  }
}
