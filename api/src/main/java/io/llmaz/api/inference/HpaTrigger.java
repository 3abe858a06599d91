package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Metrics and behaviour of a HorizontalPodAutoscaler. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HpaTrigger(
    List<MetricSpec> metrics, @Nullable HorizontalPodAutoscalerBehavior behavior) {

  public HpaTrigger(
      @Nullable List<MetricSpec> metrics, @Nullable HorizontalPodAutoscalerBehavior behavior) {
    this.metrics = metrics == null ? List.of() : List.copyOf(metrics);
    this.behavior = behavior;
  }
}
