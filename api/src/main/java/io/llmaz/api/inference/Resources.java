package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Limits and requests of a container. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Resources(Map<String, Quantity> limits, Map<String, Quantity> requests) {

  public Resources(
      @Nullable Map<String, Quantity> limits, @Nullable Map<String, Quantity> requests) {
    this.limits = limits == null ? Map.of() : Map.copyOf(limits);
    this.requests = requests == null ? Map.of() : Map.copyOf(requests);
  }
}
