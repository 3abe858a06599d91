package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container's variables, in the order in which they may refer to each other. */
final class ContainerEnvironment {
  private final PodObjects objects;
  private final PodFields fields;

  ContainerEnvironment(PodObjects objects, PodFields fields) {
    this.objects = objects;
    this.fields = fields;
  }

  Map<String, String> of(Container container) throws ContainerProblem {
    Map<String, String> variables = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      all(source)
          .forEach((key, value) ->
              variables.put(
                  Objects.requireNonNullElse(source.getPrefix(), "") + key,
                  new String(value, StandardCharsets.UTF_8)));
    }
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValueFrom() == null) {
        String text = Objects.requireNonNullElse(variable.getValue(), "");
        variables.put(variable.getName(), VariableExpansion.expand(text, variables));
      } else {
        value(variable.getValueFrom()).ifPresent(value -> variables.put(variable.getName(), value));
      }
    }
    return variables;
  }

  private Map<String, byte[]> all(EnvFromSource source) throws ContainerProblem {
    if (source.getSecretRef() != null) {
      String name = source.getSecretRef().getName();
      return orMissing(
          objects.secret(name), source.getSecretRef().getOptional(), "secret \"" + name + "\"");
    }
    if (source.getConfigMapRef() != null) {
      String name = source.getConfigMapRef().getName();
      return orMissing(
          objects.configMap(name),
          source.getConfigMapRef().getOptional(),
          "configmap \"" + name + "\"");
    }
    return Map.of();
  }

  private Optional<String> value(EnvVarSource source) throws ContainerProblem {
    if (source.getFieldRef() != null) {
      return Optional.of(fields.value(source.getFieldRef().getFieldPath()));
    }
    if (source.getSecretKeyRef() != null) {
      var reference = source.getSecretKeyRef();
      return key(
          objects.secret(reference.getName()),
          reference.getKey(),
          reference.getOptional(),
          "secret \"" + reference.getName() + "\"");
    }
    if (source.getConfigMapKeyRef() != null) {
      var reference = source.getConfigMapKeyRef();
      return key(
          objects.configMap(reference.getName()),
          reference.getKey(),
          reference.getOptional(),
          "configmap \"" + reference.getName() + "\"");
    }
    throw ContainerProblem.config("a local node knows variables of fields, secrets, configmaps");
  }

  private static Optional<String> key(
      Optional<Map<String, byte[]>> object, String key, @Nullable Boolean optional, String what)
      throws ContainerProblem {
    byte[] value = orMissing(object, optional, what).get(key);
    if (value == null && !Boolean.TRUE.equals(optional)) {
      throw ContainerProblem.config("no key \"" + key + "\" in " + what);
    }
    return Optional.ofNullable(value).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static Map<String, byte[]> orMissing(
      Optional<Map<String, byte[]>> object, @Nullable Boolean optional, String what)
      throws ContainerProblem {
    if (object.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw ContainerProblem.config(what + " not found");
    }
    return object.orElse(Map.of());
  }
}
