package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the model is ready to be served: conditions {@code Pending} and {@code Ready}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OpenModelStatus(List<Condition> conditions) {
  /** The condition that opens the gate of Playgrounds. */
  public static final String READY = "Ready";

  /** The condition while files are being prepared. */
  public static final String PENDING = "Pending";

  public OpenModelStatus(@Nullable List<Condition> conditions) {
    this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
