package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a Playground stands.
 *
 * @param conditions {@code Progressing}, {@code Available}
 * @param replicas that exist
 * @param selector of the pods, for the scale subresource
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlaygroundStatus(
    List<Condition> conditions, int replicas, @Nullable String selector) {

  public PlaygroundStatus(
      @Nullable List<Condition> conditions, int replicas, @Nullable String selector) {
    this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
    this.replicas = replicas;
    this.selector = selector;
  }
}
