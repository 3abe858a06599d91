package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes objects, or marks them for deletion while finalizers are there; who owned what is the
 * garbage collector's. Safe for many threads, as {@link ObjectApi}.
 */
final class Deletion {
  private static final Map<String, String> PROPAGATION_FINALIZERS =
      Map.of("Orphan", Meta.ORPHAN, "Foreground", Meta.FOREGROUND);

  private final ResourceStore store;
  private final InstantSource clock;

  Deletion(ResourceStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Deletes, or marks for deletion while finalizers are there.
   *
   * @param body DeleteOptions; may be empty
   */
  ObjectNode delete(ResourceType type, String namespace, String name, JsonNode body, boolean dry) {
    while (true) {
      ObjectNode live =
          store
              .get(ResourceStore.Key.of(type, namespace, name))
              .map(object -> EventForms.as(type, object))
              .orElseThrow(() -> ApiException.notFound(type, name));
      Preconditions.deletion(type, name, body.path("preconditions"), live);
      String finalizer = PROPAGATION_FINALIZERS.get(body.path("propagationPolicy").asText(""));
      if (finalizer != null && !dry) {
        if (!Meta.hasFinalizer(live, finalizer) && !Meta.deleting(live)) {
          Meta.of(live).withArray("finalizers").add(finalizer);
        }
      }
      if (dry) {
        return live;
      }
      ResourceStore.Key key = ResourceStore.Key.of(type, namespace, name);
      long seen = Meta.resourceVersion(live);
      Optional<ObjectNode> done;
      if (!Meta.hasFinalizers(live)) {
        done = store.remove(key, seen);
      } else if (Meta.deleting(live)) {
        return live;
      } else {
        Meta.of(live)
            .put("deletionTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("deletionGracePeriodSeconds", 0);
        if (ObjectForm.hasGeneration(type)) {
          Meta.of(live).put("generation", Meta.generation(live) + 1);
        }
        done = store.put(key, seen, live);
      }
      if (done.isPresent()) {
        return done.get();
      }
    }
  }
}
