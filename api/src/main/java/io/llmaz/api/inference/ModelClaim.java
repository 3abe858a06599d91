package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model, as the main one.
 *
 * @param modelName of an OpenModel
 * @param inferenceFlavors a subset of the model's flavors, in order of preference
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelClaim(@Nullable String modelName, List<String> inferenceFlavors) {

  public ModelClaim(@Nullable String modelName, @Nullable List<String> inferenceFlavors) {
    this.modelName = modelName;
    this.inferenceFlavors = inferenceFlavors == null ? List.of() : List.copyOf(inferenceFlavors);
  }
}
