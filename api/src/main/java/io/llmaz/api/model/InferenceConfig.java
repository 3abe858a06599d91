package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hardware a model may run on, in order of preference. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record InferenceConfig(List<Flavor> flavors) {
  public InferenceConfig(@Nullable List<Flavor> flavors) {
    this.flavors = flavors == null ? List.of() : List.copyOf(flavors);
  }
}
