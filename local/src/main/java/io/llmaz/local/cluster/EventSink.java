package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to the API server. One that cannot be written is dropped: a pod must not wait for
 * its chronicle.
 */
record EventSink(KubernetesClient client) implements Consumer<Event> {
  private static final Logger LOG = LoggerFactory.getLogger(EventSink.class);

  @Override
  public void accept(Event event) {
    try {
      client
          .events()
          .v1()
          .events()
          .inNamespace(event.getMetadata().getNamespace())
          .resource(event)
          .create();
    } catch (KubernetesClientException e) {
      LOG.debug("event {} is lost: {}", event.getReason(), e.getMessage());
    }
  }
}
