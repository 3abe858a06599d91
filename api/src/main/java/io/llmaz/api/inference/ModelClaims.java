package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several models.
 *
 * @param models each with its role
 * @param inferenceFlavors a subset of the main model's flavors, in order of preference
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelClaims(List<ModelReference> models, List<String> inferenceFlavors) {

  public ModelClaims(
      @Nullable List<ModelReference> models, @Nullable List<String> inferenceFlavors) {
    this.models = models == null ? List.of() : List.copyOf(models);
    this.inferenceFlavors = inferenceFlavors == null ? List.of() : List.copyOf(inferenceFlavors);
  }
}
