package io.llmaz.operator.nodes;

import io.llmaz.api.p2p.P2PTask;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TaskIds;
import io.llmaz.source.BytesFrom;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task on its way to its nodes, for as long as the task exists. {@link #step} begins what is
 * due; the work at each node has a virtual thread of its own. A node is asked what it has before it
 * is asked to fetch, so an operator that was started again moves no bytes.
 */
final class Prefetch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prefetch.class);

  /** Files of one node at once; each is many pieces from many peers. */
  private static final int FILES_OF_A_NODE = 4;

  /** With how many files a node that had all of them proves that it still does. */
  private static final int PROOF = 16;

  /** Of a task, in the life of this operator: a cluster may have a thousand nodes. */
  private static final int MOST_EVENTS = 20;

  /** Tells of one node. */
  interface Teller {
    /** A node lost what it had, or cannot be filled. */
    void warning(String reason, String note);
  }

  private final String task;
  private final boolean image;
  private final Map<String, String> selector;
  private final List<ManifestFile> largestFirst;
  private final SeedArrivals arrivals;
  private final Links links;
  private final PrefetchMeans means;
  private final Teller teller;
  private final Runnable changed;
  private final Runnable unfilled;
  private final NodePlan plan;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private volatile long seen = -1; // Which state of the cluster; written by step alone.
  private int told; // Guarded by plan.

  /**
   * Of one task.
   *
   * @param changed told when the counts change
   * @param unfilled told when a node that answers did not get a file: perhaps the seed lost it
   */
  Prefetch(
      P2PTask task,
      Map<String, String> selector,
      Manifest manifest,
      SeedArrivals arrivals,
      Supplier<Map<String, URI>> links,
      PrefetchMeans means,
      Teller teller,
      Runnable changed,
      Runnable unfilled) {
    this.task = task.getMetadata().getName();
    this.image = task.getSpec().image() != null;
    this.selector = Map.copyOf(selector);
    this.largestFirst =
        manifest.files().stream()
            .filter(file -> file.size() > 0)
            .sorted(Comparator.comparingLong(ManifestFile::size).reversed())
            .toList();
    this.arrivals = arrivals;
    this.links = new Links(links, means.clock());
    this.means = means;
    this.teller = teller;
    this.changed = changed;
    this.unfilled = unfilled;
    this.plan = new NodePlan(means.random());
  }

  Map<String, String> selector() {
    return selector;
  }

  NodeCounts counts() {
    NodeCounts counts = plan.counts();
    return seen < 0 ? new NodeCounts(0, 0, 0, false) : counts;
  }

  /** Whether nothing is under way at any node. */
  boolean idle() {
    return running.isEmpty();
  }

  /**
   * Takes up what changed in the cluster and begins what is due. Called by one thread at a time.
   */
  void step() {
    NodeCounts before = counts();
    long version = means.nodes().version();
    if (version != seen) {
      means
          .nodes()
          .chosen(selector)
          .ifPresent(nodes -> {
            seen = version;
            plan.chosen(nodes, means.clock().instant()).forEach(this::interrupt);
          });
    }
    if (seen < 0) {
      return;
    }
    plan.take(means.clock().instant()).forEach(this::begin);
    if (!counts().equals(before)) {
      changed.run();
    }
  }

  private void begin(NodeTarget node) {
    Thread thread =
        Thread.ofVirtual()
            .name("P2PTask " + task + " to " + node.name())
            .unstarted(() -> work(node));
    running.put(node.incarnation(), thread);
    thread.start();
  }

  private void interrupt(String incarnation) {
    Thread thread = running.remove(incarnation);
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void work(NodeTarget node) {
    NodeCounts before = counts();
    try {
      bring(node);
      plan.complete(node, means.clock().instant());
    } catch (InterruptedException stopped) {
      return; // The node left, or the task did.
    } catch (SourceException e) {
      // The gateway's trouble is told by the task; no node can help it.
      log.debug("P2PTask {}: {}: {}", task, node.name(), e.getMessage());
      var _ = plan.failed(node, means.clock().instant());
    } catch (EngineException e) {
      if (e.reason() != EngineException.Reason.UNAVAILABLE) {
        unfilled.run();
      }
      failed(node, String.valueOf(e.getMessage()));
    } catch (RuntimeException bug) {
      log.error("P2PTask {}: {}: prefetching failed", task, node.name(), bug);
      failed(node, bug.toString());
    } finally {
      running.remove(node.incarnation(), Thread.currentThread());
      if (!counts().equals(before)) {
        changed.run();
      }
    }
  }

  private void bring(NodeTarget node) throws InterruptedException {
    SeedAddress daemon = new SeedAddress(node.address(), means.uploadPort().getAsInt());
    boolean had = plan.wasComplete(node);
    if (had && missing(daemon, sample()).isEmpty()) {
      return;
    }
    List<ManifestFile> missing = missing(daemon, largestFirst);
    if (missing.isEmpty()) {
      return;
    }
    plan.lacks(node);
    if (had) {
      changed.run();
      tell("NodeLostFiles", "Node %s lost %d files".formatted(node.name(), missing.size()));
    }
    fetch(daemon, missing);
  }

  private List<ManifestFile> missing(SeedAddress daemon, List<ManifestFile> files)
      throws InterruptedException {
    List<ManifestFile> missing = new ArrayList<>();
    means.looks().acquire();
    try {
      for (ManifestFile file : files) {
        if (!means.engine().get().has(daemon, taskId(file))) {
          missing.add(file);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      means.looks().release();
    }
    return missing;
  }

  private List<ManifestFile> sample() {
    if (largestFirst.size() <= PROOF) {
      return largestFirst;
    }
    List<ManifestFile> files = new ArrayList<>(largestFirst);
    Collections.shuffle(files, means.random());
    return files.subList(0, PROOF);
  }

  private void fetch(SeedAddress daemon, List<ManifestFile> files) throws InterruptedException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(FILES_OF_A_NODE, Thread.ofVirtual().factory())) {
      var fetches = new ExecutorCompletionService<Void>(threads);
      try {
        for (ManifestFile file : files) {
          var _ =
              fetches.submit(() -> {
                fetch(daemon, file);
                return null;
              });
        }
        for (int done = 0; done < files.size(); done++) {
          var _ = fetches.take().get();
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException known
            ? known
            : new IllegalStateException("a file's fetch ended", e.getCause());
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private void fetch(SeedAddress daemon, ManifestFile file) throws InterruptedException {
    arrivals.await(file.path());
    means.files().acquire();
    try {
      // Dragonfly's scheduler sends a node to the source as long as it knows no seed, and the node
      // goes, though it was told not to (scheduler 2.5.1, dfdaemon 1.5.10).
      URI link = BytesFrom.PEERS.narrow(links.of(file.path()));
      means
          .engine()
          .get()
          .fetch(daemon, new FileTask(link, image ? null : means.keys().get().of(file), Map.of()));
    } finally {
      means.files().release();
    }
  }

  private String taskId(ManifestFile file) {
    return image
        ? Objects.requireNonNull(file.digest(), "a blob without digest").hex()
        : TaskIds.ofContent(means.keys().get().of(file));
  }

  private void failed(NodeTarget node, String why) {
    log.debug("P2PTask {}: {}: {}", task, node.name(), why);
    if (plan.failed(node, means.clock().instant())) {
      tell("NodeNotFilled", "Node %s: %s; it is tried again".formatted(node.name(), why));
    }
  }

  private void tell(String reason, String note) {
    synchronized (plan) {
      if (++told > MOST_EVENTS) {
        return;
      }
    }
    log.info("P2PTask {}: {}", task, note);
    teller.warning(reason, note);
  }

  @Override
  public void close() {
    running.values().forEach(Thread::interrupt);
  }
}
