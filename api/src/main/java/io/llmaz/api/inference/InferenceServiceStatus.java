package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a inference Service stands.
 *
 * @param conditions {@code Progressing}, {@code Available}
 * @param replicas that exist
 * @param selector of the pods, for the scale subresource
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InferenceServiceStatus(
    List<Condition> conditions, int replicas, @Nullable String selector) {

  public InferenceServiceStatus(
      @Nullable List<Condition> conditions, int replicas, @Nullable String selector) {
    this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
    this.replicas = replicas;
    this.selector = selector;
  }
}
