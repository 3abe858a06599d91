package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an inference server is run.
 *
 * @param command the container's command; never templated
 * @param image without tag; required by the schema
 * @param version the tag; required by the schema
 * @param envs of the container
 * @param lifecycle of the container
 * @param livenessProbe of the container
 * @param readinessProbe of the container
 * @param startupProbe of the container
 * @param recommendedConfigs arguments and resources by name of the configuration
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackendRuntimeSpec(
    List<String> command,
    @Nullable String image,
    @Nullable String version,
    List<EnvVar> envs,
    @Nullable Lifecycle lifecycle,
    @Nullable Probe livenessProbe,
    @Nullable Probe readinessProbe,
    @Nullable Probe startupProbe,
    List<RecommendedConfig> recommendedConfigs) {

  public BackendRuntimeSpec(
      @Nullable List<String> command,
      @Nullable String image,
      @Nullable String version,
      @Nullable List<EnvVar> envs,
      @Nullable Lifecycle lifecycle,
      @Nullable Probe livenessProbe,
      @Nullable Probe readinessProbe,
      @Nullable Probe startupProbe,
      @Nullable List<RecommendedConfig> recommendedConfigs) {
    this.command = command == null ? List.of() : List.copyOf(command);
    this.image = image;
    this.version = version;
    this.envs = envs == null ? List.of() : List.copyOf(envs);
    this.lifecycle = lifecycle;
    this.livenessProbe = livenessProbe;
    this.readinessProbe = readinessProbe;
    this.startupProbe = startupProbe;
    this.recommendedConfigs =
        recommendedConfigs == null ? List.of() : List.copyOf(recommendedConfigs);
  }
}
