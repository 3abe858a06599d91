package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions of a BackendRuntime. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackendRuntimeStatus(List<Condition> conditions) {

  public BackendRuntimeStatus(@Nullable List<Condition> conditions) {
    this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
