package io.llmaz.operator.inference;

import io.llmaz.api.inference.ModelReference;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.model.OpenModelSpec;
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

  /** The same model with the files of another source. */
  ClaimedModel withSource(ModelSource source) {
    if (source.equals(source())) {
      return this;
    }
    OpenModelSpec spec = model.getSpec();
    OpenModel other = new OpenModel();
    other.setMetadata(model.getMetadata());
    other.setStatus(model.getStatus());
    other.setSpec(
        new OpenModelSpec(
            spec.familyName(), source, spec.inferenceConfig(), spec.ownedBy(), spec.createdAt()));
    return new ClaimedModel(other, role);
  }
}
