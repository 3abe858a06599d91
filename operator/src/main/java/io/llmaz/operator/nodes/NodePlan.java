package io.llmaz.operator.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes have a task's files, and which to look at next. A node is looked at when it joins,
 * when it comes back or boots, and now and then, as a disk may be lost or a store evict files; one
 * that fails is looked at again after a pause that doubles up to {@link #LONGEST_PAUSE}, with
 * jitter.
 *
 * <p>One moment of trouble does not make a complete node incomplete, nor is it worth an event: that
 * takes {@link #TROUBLE} failures in a row. Time is given by the caller. Safe for many threads.
 */
final class NodePlan {
  /** How long what a node has is believed. */
  static final Duration BELIEF = Duration.ofMinutes(5);

  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Failures in a row that are more than a moment's. */
  static final int TROUBLE = 3;

  private static final long FIRST_PAUSE_MILLIS = 1000;

  private final RandomGenerator random;
  // Guarded by this.
  private final Map<String, Entry> byName = new TreeMap<>();

  private static final class Entry {
    NodeTarget node;
    boolean running;
    boolean looked;
    boolean complete;
    int failures;
    Instant due;

    Entry(NodeTarget node, Instant due) {
      this.node = node;
      this.due = due;
    }
  }

  NodePlan(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Which nodes there are now.
   *
   * @return incarnations at which work is under way that is of no use any more
   */
  synchronized Set<String> chosen(Collection<NodeTarget> nodes, Instant now) {
    Set<String> stop = new HashSet<>();
    Map<String, Entry> before = new TreeMap<>(byName);
    byName.clear();
    for (NodeTarget node : nodes) {
      @Nullable Entry entry = before.remove(node.name());
      boolean another = entry == null || !entry.node.incarnation().equals(node.incarnation());
      if (entry != null && another && entry.running) {
        stop.add(entry.node.incarnation());
      }
      if (entry == null || another) {
        entry = new Entry(node, now);
      } else if (node.ready() && !entry.node.ready()) {
        entry.due = now;
      }
      entry.node = node;
      byName.put(node.name(), entry);
    }
    before.values().stream()
        .filter(gone -> gone.running)
        .forEach(gone -> stop.add(gone.node.incarnation()));
    return stop;
  }

  /** Nodes to look at now; each is under way until {@link #complete} or {@link #failed}. */
  synchronized List<NodeTarget> take(Instant now) {
    List<NodeTarget> due = new ArrayList<>();
    for (Entry entry : byName.values()) {
      if (entry.node.ready() && !entry.running && !now.isBefore(entry.due)) {
        entry.running = true;
        due.add(entry.node);
      }
    }
    return due;
  }

  /** Whether everything was there when it was looked at last: then a few files are proof enough. */
  synchronized boolean wasComplete(NodeTarget node) {
    Entry entry = find(node);
    return entry != null && entry.complete;
  }

  /** Files are missing, and being fetched. */
  synchronized void lacks(NodeTarget node) {
    Entry entry = find(node);
    if (entry != null) {
      entry.looked = true;
      entry.complete = false;
    }
  }

  /** Every file is there. */
  synchronized void complete(NodeTarget node, Instant now) {
    Entry entry = find(node);
    if (entry != null) {
      entry.running = false;
      entry.looked = true;
      entry.complete = true;
      entry.failures = 0;
      entry.due = now.plusMillis(jitter(BELIEF.toMillis()));
    }
  }

  /**
   * It did not work.
   *
   * @return whether that has just become more than a moment's trouble
   */
  synchronized boolean failed(NodeTarget node, Instant now) {
    Entry entry = find(node);
    if (entry == null) {
      return false;
    }
    entry.running = false;
    entry.looked = true;
    entry.failures++;
    if (entry.failures >= TROUBLE) {
      entry.complete = false;
    }
    long bound =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE_MILLIS << Math.min(entry.failures, 20));
    entry.due = now.plusMillis(jitter(bound));
    return entry.failures == TROUBLE;
  }

  synchronized NodeCounts counts() {
    long complete = byName.values().stream().filter(e -> e.complete && e.node.ready()).count();
    long failing = byName.values().stream().filter(e -> e.failures >= TROUBLE).count();
    boolean settled = byName.values().stream().allMatch(e -> e.looked || !e.node.ready());
    return new NodeCounts(byName.size(), complete, failing, settled);
  }

  /** The entry of this very incarnation. */
  private @Nullable Entry find(NodeTarget node) {
    Entry entry = byName.get(node.name());
    return entry != null && entry.node.incarnation().equals(node.incarnation()) ? entry : null;
  }

  /** From half of it to all of it, so that many nodes do not come at once. */
  private long jitter(long millis) {
    return millis / 2 + random.nextLong(millis / 2 + 1);
  }
}
