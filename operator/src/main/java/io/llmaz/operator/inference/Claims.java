package io.llmaz.operator.inference;

import io.llmaz.api.inference.ModelClaim;
import io.llmaz.api.inference.ModelClaims;
import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.inference.PlaygroundSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which models a Playground claims, main ones first. */
final class Claims {
  private Claims() {}

  static List<ModelReference> of(PlaygroundSpec spec) {
    ModelClaim one = spec.modelClaim();
    if (one != null && one.modelName() != null) {
      return List.of(new ModelReference(one.modelName(), ModelReference.MAIN));
    }
    ModelClaims several = spec.modelClaims();
    return several == null ? List.of() : mainFirst(several.models());
  }

  static List<ModelReference> mainFirst(List<ModelReference> models) {
    return models.stream()
        .map(model ->
            new ModelReference(
                model.name(), Optional.ofNullable(model.role()).orElse(ModelReference.MAIN)))
        .sorted(Comparator.comparing(model -> !ModelReference.MAIN.equals(model.role())))
        .toList();
  }

  static List<String> flavors(PlaygroundSpec spec) {
    if (spec.modelClaim() != null) {
      return spec.modelClaim().inferenceFlavors();
    }
    return spec.modelClaims() == null ? List.of() : spec.modelClaims().inferenceFlavors();
  }
}
