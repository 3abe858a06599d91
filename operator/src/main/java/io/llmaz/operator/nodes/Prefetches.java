package io.llmaz.operator.nodes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.dragonfly.NodeEngine;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.operator.config.GlobalConfig;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.source.Manifest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tasks on their way to nodes. Safe for many threads. */
public final class Prefetches implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prefetches.class);
  private static final Duration STEP = Duration.ofMillis(500);
  private static final int LOOKS = 32;

  private final GlobalConfigs configs;
  private final EventRecorder events;
  private final WatchedNodes nodes;
  private final PrefetchMeans means;
  private final Map<String, Prefetch> byUid = new ConcurrentHashMap<>();
  private long seen; // Of step alone.
  private final ScheduledExecutorService steps =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("p2ptask-nodes").factory());

  /**
   * @param engine that the configuration of now names
   * @param filesAtOnce how many files are on their way into nodes at once
   */
  public Prefetches(
      KubernetesClient client,
      GlobalConfigs configs,
      Supplier<NodeEngine> engine,
      int filesAtOnce,
      EventRecorder events,
      MeterRegistry metrics,
      InstantSource clock) {
    this.configs = configs;
    this.events = events;
    this.nodes = new WatchedNodes(client);
    this.means =
        new PrefetchMeans(
            nodes,
            engine,
            () -> configs.current().p2p().keys(),
            () -> configs.current().p2p().uploadPort(),
            new Semaphore(LOOKS, true),
            new Semaphore(filesAtOnce, true),
            clock,
            new Random()); // Which many threads may share.
    gauge(metrics, "chosen", NodeCounts::chosen);
    gauge(metrics, "complete", NodeCounts::complete);
    gauge(metrics, "failing", NodeCounts::failing);
    var _ =
        steps.scheduleWithFixedDelay(
            this::step, STEP.toMillis(), STEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** To which nodes a task is brought; empty for none. The task's own word goes first. */
  public static Optional<Map<String, String>> selector(P2PTaskSpec spec, GlobalConfig.P2p p2p) {
    return spec.scope() == P2PTaskSpec.Scope.AllNodes
        ? Optional.of(spec.nodeSelector())
        : Optional.ofNullable(p2p.prefetch());
  }

  /**
   * How many nodes have a task; begins to bring it to them, or ends that, as the task and the
   * configuration say now.
   *
   * @param manifest of the task; empty until its source was asked
   * @param links asks the gateway for an address of each file
   * @param changed told when the answer changes
   * @param unfilled told when a node that answers did not get a file
   * @return empty when it is brought to no node
   */
  public synchronized Optional<NodeCounts> of(
      P2PTask task,
      Optional<Manifest> manifest,
      SeedArrivals arrivals,
      Supplier<Map<String, URI>> links,
      Runnable changed,
      Runnable unfilled) {
    String uid = task.getMetadata().getUid();
    Optional<Map<String, String>> selector = selector(task.getSpec(), configs.current().p2p());
    Prefetch running = byUid.get(uid);
    if (running != null && !selector.equals(Optional.of(running.selector()))) {
      stop(uid);
      running = null;
    }
    if (running == null && selector.isPresent() && manifest.isPresent()) {
      log.info(
          "P2PTask {}: goes to {} too",
          task.getMetadata().getName(),
          selector.get().isEmpty() ? "all nodes" : "nodes with " + selector.get());
      running =
          new Prefetch(
              task,
              selector.get(),
              manifest.get(),
              arrivals,
              links,
              means,
              (reason, note) -> events.warning(task, reason, note),
              changed,
              unfilled);
      byUid.put(uid, running);
    }
    return Optional.ofNullable(running).map(Prefetch::counts);
  }

  /** Ends what is done for a task that is gone, or not brought anywhere any more. */
  public synchronized void stop(String uid) {
    Prefetch running = byUid.remove(uid);
    if (running != null) {
      running.close();
    }
  }

  private void step() {
    long version = nodes.version();
    if (version != seen && !byUid.isEmpty()) {
      seen = version;
      int port = means.uploadPort().getAsInt();
      nodes
          .chosen(Map.of())
          .ifPresent(all ->
              means
                  .engine()
                  .get()
                  .retain(
                      all.stream()
                          .filter(node -> !node.address().isEmpty())
                          .map(node -> new SeedAddress(node.address(), port))
                          .toList()));
    }
    for (Prefetch prefetch : byUid.values()) {
      try {
        prefetch.step();
      } catch (RuntimeException bug) {
        log.error("A step to nodes failed", bug); // Else the executor would end the steps.
      }
    }
  }

  private void gauge(MeterRegistry metrics, String state, ToLongFunction<NodeCounts> count) {
    Gauge.builder(
            "llmaz.p2ptask.nodes",
            byUid,
            tasks -> tasks.values().stream().map(Prefetch::counts).mapToLong(count).sum())
        .description("nodes of all tasks that are brought to nodes, a node once for each task")
        .tag("state", state)
        .register(metrics);
  }

  @Override
  public synchronized void close() {
    steps.shutdownNow();
    List.copyOf(byUid.keySet()).forEach(this::stop);
    nodes.close();
  }
}
