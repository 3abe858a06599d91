package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.llmaz.api.inference.ElasticConfig;
import io.llmaz.api.inference.HpaTrigger;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.RecommendedConfig;
import io.llmaz.api.inference.ScaleTrigger;
import java.util.Optional;

/** The autoscaler of a Playground with an elastic configuration. */
final class HpaDesign {
  private HpaDesign() {}

  /** Empty when nothing says by what to scale. */
  static Optional<HorizontalPodAutoscaler> of(
      Playground playground, Optional<RecommendedConfig> recommended) {
    ElasticConfig elastic = playground.getSpec().elasticConfig();
    if (elastic == null) {
      return Optional.empty();
    }
    Optional<HpaTrigger> trigger =
        Optional.ofNullable(elastic.scaleTrigger())
            .map(ScaleTrigger::hpa)
            .or(() -> recommended.map(RecommendedConfig::scaleTrigger).map(ScaleTrigger::hpa));
    return trigger.map(hpa ->
        new HorizontalPodAutoscalerBuilder()
            .withNewMetadata()
            .withName(playground.getMetadata().getName())
            .withNamespace(playground.getMetadata().getNamespace())
            .addNewOwnerReference()
            .withApiVersion(playground.getApiVersion())
            .withKind(playground.getKind())
            .withName(playground.getMetadata().getName())
            .withUid(playground.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference()
            .endMetadata()
            .withNewSpec()
            .withNewScaleTargetRef(
                playground.getApiVersion(),
                playground.getKind(),
                playground.getMetadata().getName())
            .withMinReplicas(Optional.ofNullable(elastic.minReplicas()).orElse(1))
            .withMaxReplicas(elastic.maxReplicas())
            .withMetrics(hpa.metrics())
            .withBehavior(hpa.behavior())
            .endSpec()
            .build());
  }
}
