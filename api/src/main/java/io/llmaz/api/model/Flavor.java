package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One kind of hardware.
 *
 * @param name for example {@code a100-80gb}
 * @param limits written over requests and limits of the runner
 * @param nodeSelector the nodes that have it
 * @param params for example {@code TP}, {@code PP}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Flavor(
    @Nullable String name,
    Map<String, Quantity> limits,
    Map<String, String> nodeSelector,
    Map<String, String> params) {
  public Flavor(
      @Nullable String name,
      @Nullable Map<String, Quantity> limits,
      @Nullable Map<String, String> nodeSelector,
      @Nullable Map<String, String> params) {
    this.name = name;
    this.limits = limits == null ? Map.of() : Map.copyOf(limits);
    this.nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    this.params = params == null ? Map.of() : Map.copyOf(params);
  }
}
