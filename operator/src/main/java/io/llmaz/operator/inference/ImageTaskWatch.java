package io.llmaz.operator.inference;

import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.p2p.P2PTask;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * P2PTasks of images. A Playground's image depends on its backend, which an index of Playgrounds
 * does not know, so a change of a task concerns those Playgrounds whose gate may still be shut or
 * whose image may be waiting: few, and a look at one that does not wait writes nothing.
 */
final class ImageTaskWatch {
  private final EventSourceContext<Playground> context;
  private final Set<ResourceID> held;

  /**
   * @param held Playgrounds that wait, or are just asking whether they must: the cached status says
   *     so only later, and a task that is done in between would wake nobody
   */
  ImageTaskWatch(EventSourceContext<Playground> context, Set<ResourceID> held) {
    this.context = context;
    this.held = held;
  }

  EventSource<P2PTask, Playground> source() {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(P2PTask.class, Playground.class)
            .withName("image-tasks")
            .withSecondaryToPrimaryMapper(this::waiting)
            .build(),
        context);
  }

  private Set<ResourceID> waiting(P2PTask task) {
    if (task.getSpec().image() == null) {
      return Set.of();
    }
    return context
        .getPrimaryCache()
        .list(playground ->
            playground.getStatus() == null
                || held.contains(ResourceID.fromResource(playground))
                || playground.getStatus().conditions().stream()
                    .anyMatch(c -> c.getReason().startsWith("WaitingFor")))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }
}
