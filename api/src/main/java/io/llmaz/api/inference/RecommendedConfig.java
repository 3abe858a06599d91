package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to run the server that is known to work.
 *
 * @param name {@code default}, {@code speculative-decoding}, {@code model-parallelism} or any other
 * @param args templated: {@code {{.ModelPath}}}, {@code {{.ModelName}}}, {@code
 *     {{.DraftModelPath}}}
 * @param resources of the container
 * @param sharedMemorySize of {@code /dev/shm}
 * @param scaleTrigger for Playgrounds with an elastic configuration that has none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RecommendedConfig(
    @Nullable String name,
    List<String> args,
    @Nullable Resources resources,
    @Nullable Quantity sharedMemorySize,
    @Nullable ScaleTrigger scaleTrigger) {

  public RecommendedConfig(
      @Nullable String name,
      @Nullable List<String> args,
      @Nullable Resources resources,
      @Nullable Quantity sharedMemorySize,
      @Nullable ScaleTrigger scaleTrigger) {
    this.name = name;
    this.args = args == null ? List.of() : List.copyOf(args);
    this.resources = resources;
    this.sharedMemorySize = sharedMemorySize;
    this.scaleTrigger = scaleTrigger;
  }
}
