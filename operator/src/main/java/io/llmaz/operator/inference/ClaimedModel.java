package io.llmaz.operator.inference;

import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.OpenModel;
import java.util.Objects;

/** A model in a role. */
record ClaimedModel(OpenModel model, String role) {
  String name() {
    return model.getMetadata().getName();
  }

  ModelSource source() {
    return Objects.requireNonNullElseGet(
        model.getSpec().source(), () -> new ModelSource(null, null));
  }

  boolean draft() {
    return role.equals(ModelReference.DRAFT);
  }
}
