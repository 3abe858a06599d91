package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.operator.store.SharingStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The LeaderWorkerSet API, which a cluster may have, get or lose while we run: its definition is
 * watched, and its objects as long as it is there.
 */
final class LeaderWorkerSets {
  private static final String DEFINITION = "leaderworkersets.leaderworkerset.x-k8s.io";
  private static final String NAME = "leaderworkersets";
  private static final GroupVersionKind KIND =
      new GroupVersionKind("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet");

  private LeaderWorkerSets() {}

  /** Wakes the Services that need groups when the API comes or goes. */
  static EventSource<CustomResourceDefinition, InferenceService> definition(
      EventSourceContext<InferenceService> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(
                CustomResourceDefinition.class, InferenceService.class)
            .withName("leaderworkerset-definition")
            .withFieldSelector(
                new FieldSelector(new FieldSelector.Field("metadata.name", DEFINITION)))
            .withSecondaryToPrimaryMapper(changed ->
                context
                    .getPrimaryCache()
                    .list()
                    .filter(service -> WorkloadDesign.grouped(service.getSpec()))
                    .map(ResourceID::fromResource)
                    .collect(Collectors.toSet()))
            .build(),
        context);
  }

  /** The cache of the objects; empty while the cluster does not have the API. */
  static Optional<InformerEventSource<GenericKubernetesResource, InferenceService>> cache(
      Context<InferenceService> context) {
    boolean served =
        Caches.find(context, CustomResourceDefinition.class, new ResourceID(DEFINITION))
            .filter(LeaderWorkerSets::established)
            .isPresent();
    boolean watched =
        !context
            .eventSourceRetriever()
            .getEventSourcesFor(GenericKubernetesResource.class)
            .isEmpty();
    if (!served) {
      if (watched) {
        context.eventSourceRetriever().dynamicallyDeRegisterEventSource(NAME);
      }
      return Optional.empty();
    }
    if (!watched) {
      EventSourceContext<InferenceService> sources =
          context.eventSourceRetriever().eventSourceContextForDynamicRegistration();
      context
          .eventSourceRetriever()
          .dynamicallyRegisterEventSource(
              new InformerEventSource<>(
                  InformerEventSourceConfiguration.from(KIND, InferenceService.class)
                      .withName(NAME)
                      .withItemStore(new SharingStore<>())
                      .withSecondaryToPrimaryMapper(Caches.<GenericKubernetesResource>byName(""))
                      .build(),
                  sources));
    }
    return Optional.of(Caches.of(context, GenericKubernetesResource.class));
  }

  private static boolean established(CustomResourceDefinition definition) {
    // A definition that was made a moment ago has a status without conditions.
    return Optional.ofNullable(definition.getStatus())
        .map(CustomResourceDefinitionStatus::getConditions)
        .stream()
        .flatMap(List::stream)
        .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }
}
