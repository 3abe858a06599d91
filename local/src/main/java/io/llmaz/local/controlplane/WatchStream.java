package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A watch: changes as lines of JSON, over chunked HTTP. On the request's own virtual thread. */
final class WatchStream {
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(15);

  private final ApiRequest request;
  private final ResourceType type;
  private final ResourceStore store;
  private final Tables tables;
  private final InstantSource clock;
  private final Predicate<JsonNode> selected;

  WatchStream(
      ApiRequest request,
      ResourceType type,
      ResourceStore store,
      Tables tables,
      InstantSource clock,
      Predicate<JsonNode> selected) {
    this.request = request;
    this.type = type;
    this.store = store;
    this.tables = tables;
    this.clock = clock;
    this.selected = selected;
  }

  void run() throws IOException {
    String from = request.parameter("resourceVersion");
    boolean initial = from.isEmpty() || from.equals("0");
    ResourceStore.Listing listing =
        initial
            ? store.list(type, request.namespace())
            : new ResourceStore.Listing(List.of(), request.resourceVersion());
    Optional<ResourceStore.Watcher> watcher = store.watch(listing.version());
    request.exchange().getResponseHeaders().set("Content-Type", "application/json");
    request.exchange().sendResponseHeaders(200, 0);
    try (OutputStream out = request.exchange().getResponseBody()) {
      out.flush();
      if (watcher.isEmpty()) {
        ObjectNode gone =
            new ApiException(410, "Expired", "too old resource version: " + from).status();
        send(out, "ERROR", gone);
        return;
      }
      try (ResourceStore.Watcher changes = watcher.get()) {
        for (ObjectNode item : listing.items()) {
          if (selected.test(item)) {
            send(out, "ADDED", rendered(item));
          }
        }
        if (request.flag("sendInitialEvents")) {
          bookmark(out, listing.version(), true);
        }
        follow(changes, out, listing.version());
      }
    }
  }

  private void follow(ResourceStore.Watcher changes, OutputStream out, long version)
      throws IOException {
    String timeout = request.parameter("timeoutSeconds");
    Instant end =
        clock
            .instant()
            .plus(timeout.isEmpty() ? LONGEST : Duration.ofSeconds(Long.parseLong(timeout)));
    long last = version;
    try {
      while (clock.instant().isBefore(end)) {
        Duration left = Duration.between(clock.instant(), end);
        Optional<ResourceStore.Change> change =
            changes.next(left.compareTo(BOOKMARK_EVERY) < 0 ? left : BOOKMARK_EVERY);
        if (change.isPresent()) {
          last = change.get().version();
          tell(out, change.get());
        } else if (request.flag("allowWatchBookmarks")) {
          bookmark(out, last, false);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(OutputStream out, ResourceStore.Change change) throws IOException {
    if (!change.key().isOf(type)
        || !(request.namespace().isEmpty()
            || request.namespace().equals(change.key().namespace()))) {
      return;
    }
    ObjectNode before = shaped(change.before());
    ObjectNode after = shaped(change.after());
    boolean was = before != null && selected.test(before);
    if (after != null && selected.test(after)) {
      send(out, was ? "MODIFIED" : "ADDED", rendered(after));
    } else if (was) {
      // Gone, or no longer what this watch selects: for the watcher the same.
      ObjectNode last = Objects.requireNonNull(before).deepCopy();
      Meta.of(last).put("resourceVersion", Long.toString(change.version()));
      send(out, "DELETED", rendered(last));
    }
  }

  private @Nullable ObjectNode shaped(@Nullable ObjectNode object) {
    return object == null || !EventForms.isEvents(type)
        ? object
        : EventForms.as(type, object.deepCopy());
  }

  private void bookmark(OutputStream out, long version, boolean endOfInitial) throws IOException {
    ObjectNode mark = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
    ObjectNode metadata = mark.putObject("metadata").put("resourceVersion", Long.toString(version));
    if (endOfInitial) {
      metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    send(out, "BOOKMARK", mark);
  }

  private ObjectNode rendered(ObjectNode object) {
    return request.wantsTable()
        ? tables.table(type, List.of(object), Meta.text(object, "resourceVersion"))
        : object;
  }

  private static void send(OutputStream out, String event, ObjectNode object) throws IOException {
    ObjectNode line = Json.object().put("type", event);
    line.set("object", object);
    out.write(Json.bytes(line));
    out.write('\n');
    out.flush();
  }
}
