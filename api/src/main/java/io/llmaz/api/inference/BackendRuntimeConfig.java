package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Playground changes of its backend.
 *
 * @param backendName of a BackendRuntime; {@code vllm} when unset
 * @param version instead of the backend's
 * @param configName which recommended configuration; inferred when unset
 * @param envs over the backend's, by name
 * @param args after the recommended ones; never templated
 * @param resources over the recommended ones, by resource
 * @param sharedMemorySize instead of the recommended one
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackendRuntimeConfig(
    @Nullable String backendName,
    @Nullable String version,
    @Nullable String configName,
    List<EnvVar> envs,
    List<String> args,
    @Nullable Resources resources,
    @Nullable Quantity sharedMemorySize) {

  public BackendRuntimeConfig(
      @Nullable String backendName,
      @Nullable String version,
      @Nullable String configName,
      @Nullable List<EnvVar> envs,
      @Nullable List<String> args,
      @Nullable Resources resources,
      @Nullable Quantity sharedMemorySize) {
    this.backendName = backendName;
    this.version = version;
    this.configName = configName;
    this.envs = envs == null ? List.of() : List.copyOf(envs);
    this.args = args == null ? List.of() : List.copyOf(args);
    this.resources = resources;
    this.sharedMemorySize = sharedMemorySize;
  }
}
