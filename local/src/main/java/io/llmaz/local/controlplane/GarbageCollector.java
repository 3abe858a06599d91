package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has no owner left, and what was in a namespace or of a kind that is gone. One thread
 * follows the store's changes; a removal makes further changes, which it follows in turn.
 */
final class GarbageCollector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);

  private final ObjectApi objects;
  private final ResourceStore.Watcher changes;
  private final Thread thread;

  GarbageCollector(ObjectApi objects) {
    this.objects = objects;
    this.changes = objects.store().watch(objects.store().version()).orElseThrow();
    this.thread = Thread.ofVirtual().name("garbage-collector").start(this::run);
  }

  private void run() {
    collect();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Optional<ResourceStore.Change> change = changes.next(Duration.ofMinutes(1));
        change.ifPresent(this::follow);
      } catch (InterruptedException stopped) {
        return;
      } catch (RuntimeException e) {
        log.error("garbage collection", e);
      }
    }
  }

  private void follow(ResourceStore.Change change) {
    ObjectNode before = change.before();
    ObjectNode after = change.after();
    if (after == null && before != null) {
      if (change.key().isOf(ResourceTypes.NAMESPACES)) {
        emptyNamespace(change.key().name());
      } else if (change.key().isOf(ResourceTypes.CRDS)) {
        objects.types().named(change.key().name()).ifPresent(this::removeKind);
      }
      collect();
    } else if (after != null && before == null && hasOwners(after)) {
      collect(); // Its owner may have gone while it was being made.
    } else if (after != null && Meta.deleting(after)) {
      collect(); // Its deletion may be waiting for us.
    }
  }

  private void collect() {
    Map<ResourceStore.Key, ObjectNode> all = objects.store().all();
    Set<String> living = new HashSet<>();
    all.values().forEach(object -> living.add(Meta.uid(object)));
    all.forEach((key, object) -> release(key, object, all));
    all.forEach((key, object) -> {
      if (hasOwners(object) && !Meta.deleting(object)) {
        boolean orphaned = true;
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
          orphaned &= !living.contains(owner.path("uid").asText());
        }
        if (orphaned) {
          delete(key);
        }
      }
    });
  }

  /** Lets an object go that waits until what it owns is orphaned, or gone. */
  private void release(
      ResourceStore.Key key, ObjectNode owner, Map<ResourceStore.Key, ObjectNode> all) {
    if (!Meta.deleting(owner)) {
      return;
    }
    Map<ResourceStore.Key, ObjectNode> owned = new HashMap<>();
    all.forEach((other, object) -> {
      if (owns(owner, object)) {
        owned.put(other, object);
      }
    });
    if (Meta.hasFinalizer(owner, Meta.ORPHAN)) {
      owned.keySet().forEach(dependent -> change(dependent, object -> disown(owner, object)));
      change(key, object -> Meta.withoutFinalizer(object, Meta.ORPHAN));
    } else if (Meta.hasFinalizer(owner, Meta.FOREGROUND)) {
      if (owned.isEmpty()) {
        change(key, object -> Meta.withoutFinalizer(object, Meta.FOREGROUND));
      }
      owned.forEach((dependent, object) -> {
        if (!Meta.deleting(object)) {
          delete(dependent);
        }
      });
    }
  }

  private static boolean owns(ObjectNode owner, ObjectNode object) {
    for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
      if (reference.path("uid").asText().equals(Meta.uid(owner))) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode disown(ObjectNode owner, ObjectNode object) {
    Meta.of(object)
        .withArray("ownerReferences")
        .removeIf(reference -> reference.path("uid").asText().equals(Meta.uid(owner)));
    return object;
  }

  private void change(ResourceStore.Key key, UnaryOperator<ObjectNode> change) {
    typeOf(key)
        .ifPresent(type -> {
          try {
            objects.change(
                type,
                key.namespace(),
                key.name(),
                new ObjectApi.Options("garbage-collector", "", "", false),
                change);
          } catch (ApiException alreadyGone) {
            log.trace("{} is gone already", key, alreadyGone);
          }
        });
  }

  private Optional<ResourceType> typeOf(ResourceStore.Key key) {
    return objects.types().all().stream().filter(key::isOf).findFirst();
  }

  private void emptyNamespace(String namespace) {
    objects.store().all().keySet().stream()
        .filter(key -> key.namespace().equals(namespace))
        .forEach(this::delete);
  }

  private void removeKind(ResourceType type) {
    objects.store().list(type, "").items().stream()
        .map(item -> ResourceStore.Key.of(type, Meta.namespace(item), Meta.name(item)))
        .forEach(this::delete);
    objects.types().remove(type);
  }

  private void delete(ResourceStore.Key key) {
    typeOf(key)
        .ifPresent(type -> {
          try {
            objects.delete(type, key.namespace(), key.name(), Json.object(), false);
          } catch (ApiException alreadyGone) {
            log.trace("{} is gone already", key, alreadyGone);
          }
        });
  }

  private static boolean hasOwners(JsonNode object) {
    return !object.path("metadata").path("ownerReferences").isEmpty();
  }

  @Override
  public void close() {
    thread.interrupt();
    changes.close();
  }
}
