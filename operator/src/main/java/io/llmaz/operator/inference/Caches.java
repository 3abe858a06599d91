package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.operator.store.SharingStore;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Informers of other kinds: what they cache, and whom their changes concern. */
final class Caches {
  private Caches() {}

  /** Watches a kind whose changes concern the primaries that an index names. */
  static <R extends HasMetadata, P extends HasMetadata> InformerEventSource<R, P> indexed(
      Class<R> type,
      Class<P> primary,
      EventSourceContext<P> context,
      String index,
      Function<R, String> key) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, primary)
            .withName(index)
            .withItemStore(new SharingStore<>())
            .withSecondaryToPrimaryMapper(changed ->
                context.getPrimaryCache().byIndex(index, key.apply(changed)).stream()
                    .map(ResourceID::fromResource)
                    .collect(Collectors.toSet()))
            .build(),
        context);
  }

  /**
   * Watches objects of the primaries' names, whoever owns them: a foreign one that goes away makes
   * room for ours.
   */
  static <R extends HasMetadata, P extends HasMetadata> InformerEventSource<R, P> sameName(
      Class<R> type, Class<P> primary, EventSourceContext<P> context) {
    return suffixed(type, primary, context, "");
  }

  /** Watches objects named as the primaries with a suffix. */
  static <R extends HasMetadata, P extends HasMetadata> InformerEventSource<R, P> suffixed(
      Class<R> type, Class<P> primary, EventSourceContext<P> context, String suffix) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, primary)
            .withItemStore(new SharingStore<>())
            .withSecondaryToPrimaryMapper(Caches.<R>byName(suffix))
            .build(),
        context);
  }

  /** Whom an object concerns that is named as its primary with a suffix. */
  static <R extends HasMetadata> SecondaryToPrimaryMapper<R> byName(String suffix) {
    return changed -> {
      String name = changed.getMetadata().getName();
      return name.endsWith(suffix)
          ? Set.of(
              new ResourceID(
                  name.substring(0, name.length() - suffix.length()),
                  changed.getMetadata().getNamespace()))
          : Set.of();
    };
  }

  /** The cache of a kind. */
  static <R extends HasMetadata, P extends HasMetadata> InformerEventSource<R, P> of(
      Context<P> context, Class<R> type) {
    return (InformerEventSource<R, P>) context.eventSourceRetriever().getEventSourceFor(type);
  }

  /** An object from a cache. */
  static <R extends HasMetadata, P extends HasMetadata> Optional<R> find(
      Context<P> context, Class<R> type, ResourceID id) {
    return of(context, type).get(id);
  }
}
