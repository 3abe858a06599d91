package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects and their history. One counter numbers every change; watchers get changes in that
 * order, from any number that is still remembered.
 *
 * <p>All methods are synchronized: a change is a map operation and a queue insertion per watcher.
 * Objects handed out are copies; objects handed in become the store's.
 */
final class ResourceStore {
  private static final int REMEMBERED_CHANGES = 20_000;

  private final Map<Key, ObjectNode> objects = new TreeMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final java.util.Set<Watcher> watchers = new java.util.HashSet<>();
  private final Consumer<Change> journal;
  private long version;
  private long forgottenUpTo;

  /** Which object. */
  record Key(String group, String plural, String namespace, String name)
      implements Comparable<Key> {
    static Key of(ResourceType type, String namespace, String name) {
      return new Key(group(type), type.plural(), namespace, name);
    }

    boolean isOf(ResourceType type) {
      return group.equals(group(type)) && plural.equals(type.plural());
    }

    private static String group(ResourceType type) {
      return EventForms.isEvents(type) ? EventForms.GROUP : type.group();
    }

    @Override
    public int compareTo(Key other) {
      int order = (group + "/" + plural).compareTo(other.group + "/" + other.plural);
      order = order != 0 ? order : namespace.compareTo(other.namespace);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  /**
   * A change.
   *
   * @param version its number
   * @param before null when the object is new
   * @param after null when the object is gone
   */
  record Change(long version, Key key, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

  /** A list and the number of the last change that is in it. */
  record Listing(List<ObjectNode> items, long version) {}

  /**
   * Starts empty, or with what a journal kept.
   *
   * @param kept by key
   * @param version the last number that was used
   * @param journal told of each change before anybody sees it
   */
  ResourceStore(Map<Key, ObjectNode> kept, long version, Consumer<Change> journal) {
    objects.putAll(kept);
    this.version = version;
    this.forgottenUpTo = version;
    this.journal = journal;
  }

  synchronized Optional<ObjectNode> get(Key key) {
    return Optional.ofNullable(objects.get(key)).map(ObjectNode::deepCopy);
  }

  synchronized Listing list(ResourceType type, String namespace) {
    List<ObjectNode> items =
        objects.entrySet().stream()
            .filter(e -> e.getKey().isOf(type))
            .filter(e -> namespace.isEmpty() || e.getKey().namespace().equals(namespace))
            .map(e -> EventForms.as(type, e.getValue().deepCopy()))
            .toList();
    return new Listing(items, version);
  }

  /** Every object, for whoever looks across kinds. */
  synchronized Map<Key, ObjectNode> all() {
    return new TreeMap<>(objects);
  }

  synchronized long version() {
    return version;
  }

  /**
   * Puts an object if it still is what the caller saw.
   *
   * @param seen the resource version of the live object, or 0 for none
   * @return the stored object with its new version; empty when somebody was faster
   */
  synchronized Optional<ObjectNode> put(Key key, long seen, ObjectNode next) {
    ObjectNode live = objects.get(key);
    if ((live == null ? 0 : Meta.resourceVersion(live)) != seen) {
      return Optional.empty();
    }
    long number = version + 1;
    Meta.of(next).put("resourceVersion", Long.toString(number));
    record(new Change(number, key, live, next));
    return Optional.of(next.deepCopy());
  }

  /** Removes an object if it still is what the caller saw; its last state gets a new version. */
  synchronized Optional<ObjectNode> remove(Key key, long seen) {
    ObjectNode live = objects.get(key);
    if (live == null || Meta.resourceVersion(live) != seen) {
      return Optional.empty();
    }
    ObjectNode last = live.deepCopy();
    Meta.of(last).put("resourceVersion", Long.toString(version + 1));
    record(new Change(version + 1, key, last, null));
    return Optional.of(last.deepCopy());
  }

  private void record(Change change) {
    journal.accept(change);
    version = change.version();
    ObjectNode after = change.after();
    if (after == null) {
      objects.remove(change.key());
    } else {
      objects.put(change.key(), after);
    }
    history.addLast(change);
    if (history.size() > REMEMBERED_CHANGES) {
      forgottenUpTo = history.removeFirst().version();
    }
    watchers.forEach(watcher -> watcher.changes.add(change));
  }

  /**
   * Watches from a change on.
   *
   * @return empty when changes after it are forgotten
   */
  synchronized Optional<Watcher> watch(long after) {
    if (after < forgottenUpTo) {
      return Optional.empty();
    }
    Watcher watcher = new Watcher();
    history.stream().filter(change -> change.version() > after).forEach(watcher.changes::add);
    watchers.add(watcher);
    return Optional.of(watcher);
  }

  /** Changes in order, for one thread. */
  final class Watcher implements AutoCloseable {
    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();

    /** The next change; empty when none comes in time. */
    Optional<Change> next(java.time.Duration patience) throws InterruptedException {
      return Optional.ofNullable(
          changes.poll(patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
      synchronized (ResourceStore.this) {
        watchers.remove(this);
      }
    }
  }
}
