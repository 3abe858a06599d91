package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.Names;
import io.llmaz.operator.store.SharingStore;
import java.util.List;
import java.util.Optional;

/**
 * Brings objects to what they should be, by server-side apply as manager {@code llmaz}: only when
 * the cached object differs in a field of ours, and only when the object is ours. What a cache
 * shows is all that is read.
 */
final class Applier {
  private static final PatchContext OURS = context(true);

  /** Without force: an object that the cache does not show yet and that another made is kept. */
  private static final PatchContext NEW = context(false);

  private final KubernetesClient client;

  Applier(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Applies a freshly built object if it differs, and gives what is stored now.
   *
   * @throws InvalidObjectException when an object of this name is there and the wanted one's
   *     controller does not own it
   */
  <R extends HasMetadata, P extends HasMetadata> R apply(
      R wanted, Context<P> context, InformerEventSource<R, P> cache) {
    Optional<R> existing = cache.get(ResourceID.fromResource(wanted));
    if (existing.isEmpty()) {
      return patch(wanted, cache, NEW);
    }
    requireOwned(existing.get(), wanted);
    return matches(existing.get(), wanted, context) ? existing.get() : patch(wanted, cache, OURS);
  }

  /** Changes nothing but the replicas of an object whose other parts cannot be built now. */
  <R extends HasMetadata, P extends HasMetadata> R scale(
      R existing, int replicas, InformerEventSource<R, P> cache) {
    PatchContext merge =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(Names.FIELD_MANAGER)
            .build();
    return cache.eventFilteringUpdateAndCacheResource(
        existing,
        object ->
            SharingStore.slim(
                client
                    .resource(object)
                    .patch(merge, "{\"spec\":{\"replicas\":" + replicas + "}}")));
  }

  /** Applies metadata alone to an object that a user wrote: we own nothing else of it. */
  void label(HasMetadata metadataOnly) {
    client.resource(metadataOnly).patch(OURS);
  }

  void delete(HasMetadata object) {
    client.resource(object).delete();
  }

  /** Whether an object's controller is this one. */
  static boolean isOwned(HasMetadata object, HasMetadata owner) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
  }

  private <R extends HasMetadata, P extends HasMetadata> R patch(
      R wanted, InformerEventSource<R, P> cache, PatchContext how) {
    return cache.eventFilteringUpdateAndCacheResource(
        wanted, object -> SharingStore.slim(client.resource(object).patch(how)));
  }

  private static void requireOwned(HasMetadata existing, HasMetadata wanted) {
    List<String> owners =
        wanted.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList();
    boolean ours =
        owners.isEmpty()
            || existing.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference -> owners.contains(reference.getUid()));
    if (!ours) {
      throw new InvalidObjectException(
          "%s %s exists and is not owned by %s %s"
              .formatted(
                  existing.getKind(),
                  existing.getMetadata().getName(),
                  wanted.getMetadata().getOwnerReferences().getFirst().getKind(),
                  wanted.getMetadata().getOwnerReferences().getFirst().getName()));
    }
  }

  /** The matcher takes one entry of managed fields of ours, as {@link SharingStore} leaves it. */
  private static <R extends HasMetadata> boolean matches(R existing, R wanted, Context<?> context) {
    return SSABasedGenericKubernetesResourceMatcher.<R>getInstance()
        .matches(existing, wanted, context);
  }

  private static PatchContext context(boolean force) {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(Names.FIELD_MANAGER)
        .withForce(force)
        .build();
  }
}
