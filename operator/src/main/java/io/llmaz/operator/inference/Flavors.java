package io.llmaz.operator.inference;

import io.llmaz.api.model.Flavor;
import io.llmaz.api.model.InferenceConfig;
import java.util.List;
import java.util.Optional;

/** Which hardware a workload is made for. */
final class Flavors {
  private Flavors() {}

  /** The first claimed flavor of the main model, or its first at all; empty when it has none. */
  static Optional<Flavor> assigned(List<ClaimedModel> models, List<String> claimed) {
    if (models.isEmpty()) {
      return Optional.empty();
    }
    List<Flavor> known =
        Optional.ofNullable(models.getFirst().model().getSpec().inferenceConfig())
            .map(InferenceConfig::flavors)
            .orElse(List.of());
    return claimed.isEmpty()
        ? known.stream().findFirst()
        : known.stream().filter(f -> claimed.getFirst().equals(f.name())).findFirst();
  }

  /**
   * How many hosts a replica takes: the flavor's {@code PP}, 1 when it has none.
   *
   * @throws InvalidObjectException when it is no number from 1 on
   */
  static int pipelineStages(Flavor flavor) {
    String text = flavor.params().getOrDefault("PP", "").strip();
    if (text.isEmpty()) {
      return 1;
    }
    try {
      int stages = Integer.parseInt(text);
      if (stages >= 1) {
        return stages;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number below 1.
    }
    throw new InvalidObjectException(
        "flavor " + flavor.name() + ": params.PP is no number from 1 on: " + text);
  }
}
