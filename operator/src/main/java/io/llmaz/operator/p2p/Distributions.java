package io.llmaz.operator.p2p;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.operator.nodes.NodeCounts;
import io.llmaz.operator.nodes.Prefetches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The distributions under way, by task. Changes are gathered and told at most twice a second, so a
 * fast transfer does not become a storm of status writes.
 */
final class Distributions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Distributions.class);
  private static final Duration TELL_EVERY = Duration.ofMillis(500);
  private static final Duration ASK_AGAIN_EVERY = Duration.ofMinutes(1);

  private final Gateway gateway;
  private final ManifestStore manifests;
  private final Supplier<DistributionEngine> engines;
  private final TransferBudget budget;
  private final Prefetches prefetches;
  private final InstantSource clock;
  private final Map<String, Running> byUid = new HashMap<>();
  private final Set<ResourceID> changed = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService teller =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("p2ptask-progress").factory());
  private volatile Consumer<ResourceID> listener = id -> {};
  private volatile Predicate<ResourceID> exists = id -> true;

  private record Running(
      ResourceID id, Distribution distribution, Thread thread, Optional<Instant> askedAgain) {
    boolean mayAskAgain(Instant now) {
      return !thread.isAlive()
          && askedAgain.filter(last -> now.isBefore(last.plus(ASK_AGAIN_EVERY))).isEmpty();
    }
  }

  Distributions(
      Gateway gateway,
      ManifestStore manifests,
      Supplier<DistributionEngine> engines,
      TransferBudget budget,
      Prefetches prefetches,
      InstantSource clock) {
    this.gateway = gateway;
    this.manifests = manifests;
    this.engines = engines;
    this.budget = budget;
    this.prefetches = prefetches;
    this.clock = clock;
    var _ =
        teller.scheduleWithFixedDelay(
            this::tell, TELL_EVERY.toMillis(), TELL_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Who is told of changes, and how to see that a task is gone, whose distribution is then stopped.
   */
  void follow(Consumer<ResourceID> told, Predicate<ResourceID> stillExists) {
    listener = told;
    exists = stillExists;
  }

  /** Where a task's distribution is; begins it when there is none. */
  Snapshot of(P2PTask task) {
    return running(task).distribution().snapshot();
  }

  /**
   * On how many nodes a task is; begins to bring it there, or ends that. Empty when it is brought
   * to none.
   */
  Optional<NodeCounts> nodes(P2PTask task, Snapshot snapshot) {
    Running running = running(task);
    return prefetches.of(
        task,
        snapshot.manifest(),
        running.distribution().arrivals(),
        () -> gateway.links(running.id().getName()),
        () -> changed.add(running.id()),
        () -> askAgain(task.getMetadata().getUid()));
  }

  /** A node could not be filled, perhaps because the seed lost what it had. */
  private synchronized void askAgain(String uid) {
    Running running = byUid.get(uid);
    Instant now = clock.instant();
    if (running == null || !running.mayAskAgain(now)) {
      return;
    }
    log.info("P2PTask {}: asks its seed again for what a node did not get", running.id().getName());
    byUid.put(uid, start(running.id(), running.distribution(), Optional.of(now)));
  }

  /** Brings a task to no node any more. */
  void stopNodes(P2PTask task) {
    prefetches.stop(task.getMetadata().getUid());
  }

  private synchronized Running running(P2PTask task) {
    return byUid.computeIfAbsent(task.getMetadata().getUid(), uid -> begin(task));
  }

  private Running begin(P2PTask task) {
    ResourceID id = ResourceID.fromResource(task);
    Distribution distribution =
        new Distribution(
            task,
            gateway,
            manifests,
            engines,
            budget,
            clock,
            Pauses.standard(new SplittableRandom()),
            () -> changed.add(id));
    return start(id, distribution, Optional.empty());
  }

  private static Running start(
      ResourceID id, Distribution distribution, Optional<Instant> askedAgain) {
    Thread thread = Thread.ofVirtual().name("P2PTask " + id.getName()).start(distribution);
    return new Running(id, distribution, thread, askedAgain);
  }

  private void tell() {
    for (ResourceID id : List.copyOf(changed)) {
      changed.remove(id);
      listener.accept(id);
    }
    stopOrphans();
  }

  private synchronized void stopOrphans() {
    byUid
        .entrySet()
        .removeIf(entry -> {
          Running running = entry.getValue();
          boolean orphan = !exists.test(running.id());
          if (orphan) {
            running.thread().interrupt();
            prefetches.stop(entry.getKey());
          }
          return orphan;
        });
  }

  @Override
  public synchronized void close() {
    teller.shutdownNow();
    byUid.values().forEach(running -> running.thread().interrupt());
    byUid.clear();
  }
}
