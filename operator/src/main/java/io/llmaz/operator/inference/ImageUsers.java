package io.llmaz.operator.inference;

import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.WorkloadTemplate;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who uses an image: inference Services that run it, and Playgrounds that want it, also while they
 * wait. It looks into the caches of the playground-controller and reads nothing.
 *
 * <p>Safe for use by many threads.
 */
public final class ImageUsers {
  private record Known(
      IndexedResourceCache<Playground> playgrounds,
      Cache<InferenceService> services,
      Cache<BackendRuntime> backends) {}

  private volatile @Nullable Known known;
  private volatile boolean filled;

  /** Takes the caches, which may still be empty. */
  void follow(
      EventSourceContext<Playground> context,
      Cache<InferenceService> services,
      Cache<BackendRuntime> backends) {
    known = new Known(context.getPrimaryCache(), services, backends);
  }

  /** Says that the caches are filled; before, every image counts as used. */
  public void filled() {
    filled = true;
  }

  /**
   * Whether somebody uses an image.
   *
   * @param reference as it stands in a pod
   */
  public boolean use(String reference) {
    Known now = known;
    if (now == null || !filled) {
      return true;
    }
    return now.playgrounds()
            .list(playground -> wanted(playground, now).filter(reference::equals).isPresent())
            .findAny()
            .isPresent()
        || now.services()
            .list(service -> images(service).anyMatch(reference::equals))
            .findAny()
            .isPresent();
  }

  private static Optional<String> wanted(Playground playground, Known now) {
    return now.backends()
        .get(new ResourceID(ServiceDesign.backendOf(playground)))
        .map(backend -> ServiceDesign.image(playground, backend));
  }

  private static Stream<String> images(InferenceService service) {
    WorkloadTemplate template = service.getSpec().workloadTemplate();
    return template == null
        ? Stream.empty()
        : Stream.of(
                Optional.ofNullable(template.leaderTemplate()),
                Optional.ofNullable(template.workerTemplate()))
            .flatMap(Optional::stream)
            .flatMap(pod -> pod.getSpec().getContainers().stream())
            .map(container -> String.valueOf(container.getImage()));
  }
}
