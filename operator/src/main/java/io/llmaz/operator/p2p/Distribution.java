package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.operator.nodes.SeedArrivals;
import io.llmaz.source.BundleWriter;
import io.llmaz.source.Manifest;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task on its way.
 *
 * <ol>
 *   <li>The manifest: what the task was pinned to before, else what the gateway resolves now.
 *   <li>It is stored, then the gateway gives each file's link.
 *   <li>One transfer for each file ({@link Transfers}).
 *   <li>Which seed holds which file is stored for the gateway, which then asks them and not the
 *       source when a peer comes to it.
 * </ol>
 *
 * Every step can be begun again: a seed that has a file answers at once. Trouble is told and the
 * step begun again after a pause with full jitter ({@link Pauses}), for as long as the task exists;
 * only trouble of the user's waits longer. A seed that was away is not asked while pods read the
 * source in its place ({@link OtherReaders}).
 *
 * <p>It runs on a virtual thread of its own; {@link #snapshot} is read from any. When it is run
 * again later, what a seed lost meanwhile is brought back; the task stays distributed, because a
 * pod that needs the file brings it back as well.
 */
final class Distribution implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Distribution.class);

  private final P2PTask task;
  private final Gateway gateway;
  private final ManifestStore manifests;
  private final Supplier<DistributionEngine> engines;
  private final Transfers transfers;
  private final InstantSource clock;
  private final Pauses pauses;
  private final Runnable changed;
  private final Map<String, Long> bytesByPath = new ConcurrentHashMap<>();
  private final SeedArrivals arrivals = new SeedArrivals();
  private volatile Snapshot snapshot = Snapshot.NOTHING;

  Distribution(
      P2PTask task,
      Gateway gateway,
      ManifestStore manifests,
      Supplier<DistributionEngine> engines,
      TransferBudget budget,
      InstantSource clock,
      Pauses pauses,
      Runnable changed) {
    this.task = task;
    this.gateway = gateway;
    this.manifests = manifests;
    this.engines = engines;
    this.transfers = new Transfers(budget, this::arrived);
    this.clock = clock;
    this.pauses = pauses;
    this.changed = changed;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** What seeds have begun with. */
  SeedArrivals arrivals() {
    return arrivals;
  }

  @Override
  public void run() {
    try {
      for (int failures = 1; !attempt(); failures++) {
        Thread.sleep(
            pauses.after(failures, snapshot.trouble().filter(Snapshot.Trouble::users).isPresent()));
      }
    } catch (InterruptedException stopped) {
      transfers.cancel();
    } catch (RuntimeException bug) {
      log.error("P2PTask {}: the distribution ended", name(), bug);
      trouble("InternalError", bug.toString(), false);
    }
  }

  /** Whether everything is on a seed; false says it is to be tried again. */
  private boolean attempt() throws InterruptedException {
    try {
      Manifest manifest = manifest();
      if (snapshot.begun().isPresent() && !ofImage()) {
        letOthersRead(manifest);
      }
      distribute(manifest, gateway.links(name()));
      storeHoldings(manifest);
      finish(manifest);
      return true;
    } catch (SourceException e) {
      boolean users = e.kind() == SourceException.Kind.USER;
      trouble(
          users ? "SourceRefused" : "GatewayUnavailable", String.valueOf(e.getMessage()), users);
    } catch (EngineException e) {
      if (snapshot.phase() != Snapshot.Phase.DONE) {
        arrivals.failed(); // Else nodes may have it from each other.
      }
      trouble(
          e.reason() == EngineException.Reason.SOURCE_FAILED ? "SourceFailed" : "EngineUnavailable",
          String.valueOf(e.getMessage()),
          false);
    } catch (KubernetesClientException e) {
      // A request that timed out has its reason in its cause alone.
      trouble(
          "ApiServerUnavailable",
          String.valueOf(e.getMessage() == null ? e.getCause() : e.getMessage()),
          false);
    }
    return false;
  }

  private Manifest manifest() {
    if (snapshot.manifest().isPresent()) {
      return snapshot.manifest().get();
    }
    Optional<Manifest> pinned = manifests.find(task);
    Manifest manifest = pinned.orElseGet(() -> gateway.resolve(task.getSpec()));
    if (pinned.isEmpty()) {
      manifests.store(task, manifest);
      log.info(
          "P2PTask {}: {} is {} files, {} bytes at {}",
          name(),
          manifest.source(),
          manifest.files().size(),
          manifest.totalSize(),
          manifest.revision());
    }
    update(Snapshot.Phase.RESOLVING, manifest, Optional.empty(), OptionalLong.empty());
    return manifest;
  }

  /** Before a seed that was away is asked again. Peers of images read registries, unseen by us. */
  private void letOthersRead(Manifest manifest) throws InterruptedException {
    if (transfers.idle()
        && engines.get().available()
        && new OtherReaders(() -> gateway.originBytes(name()), pauses.betweenLooks())
            .awaitEnd(manifest.totalSize())) {
      log.info("P2PTask {}: others read the source until now", name());
    }
  }

  private void distribute(Manifest manifest, Map<String, URI> links) throws InterruptedException {
    DistributionEngine engine = engines.get();
    if (snapshot.phase() != Snapshot.Phase.DONE) {
      // A trouble is over when bytes arrive, not when they are asked for once more.
      update(Snapshot.Phase.DISTRIBUTING, manifest, snapshot.trouble(), OptionalLong.empty());
    }
    transfers.bring(manifest.files(), links, engine, !ofImage());
  }

  /** May come late, after the last file is there. */
  private synchronized void arrived(String path, long bytes) {
    arrivals.began(path);
    boolean further = bytes > bytesByPath.getOrDefault(path, 0L);
    bytesByPath.merge(path, bytes, Math::max);
    if (snapshot.phase() == Snapshot.Phase.DISTRIBUTING) {
      update(
          Snapshot.Phase.DISTRIBUTING,
          snapshot.manifest().orElseThrow(),
          further ? Optional.empty() : snapshot.trouble(),
          OptionalLong.empty());
    }
  }

  /**
   * Not of images, whose peers go to the registry and not to the gateway, nor of files that the
   * gateway keeps in memory.
   */
  private void storeHoldings(Manifest manifest) {
    if (ofImage()) {
      return;
    }
    Map<String, String> seedByPath = new HashMap<>();
    manifest.files().stream()
        .filter(file -> file.size() > BundleWriter.LARGEST_FILE)
        .forEach(file ->
            transfers.seedOf(file).ifPresent(seed -> seedByPath.put(file.path(), seed.toString())));
    if (!seedByPath.isEmpty()) {
      manifests.store(task, new SeedHoldings(seedByPath));
    }
  }

  private void finish(Manifest manifest) {
    manifest.files().forEach(file -> bytesByPath.put(file.path(), file.size()));
    long originBytes = originBytes(); // Asked before the lock is taken.
    update(Snapshot.Phase.DONE, manifest, Optional.empty(), OptionalLong.of(originBytes));
    log.info("P2PTask {}: distributed", name());
  }

  private synchronized void update(
      Snapshot.Phase phase,
      Manifest manifest,
      Optional<Snapshot.Trouble> trouble,
      OptionalLong originBytes) {
    long bytes = bytesByPath.values().stream().mapToLong(Long::longValue).sum();
    long files =
        manifest.files().stream()
            .filter(file -> bytesByPath.getOrDefault(file.path(), -1L) == file.size())
            .count();
    boolean began = snapshot.begun().isEmpty() && phase == Snapshot.Phase.DISTRIBUTING;
    snapshot =
        new Snapshot(
            phase,
            Optional.of(manifest),
            files,
            bytes,
            originBytes.orElse(Math.min(bytes, manifest.totalSize())),
            began ? Optional.of(clock.instant()) : snapshot.begun(),
            trouble);
    changed.run();
  }

  private long originBytes() {
    try {
      return gateway.originBytes(name());
    } catch (SourceException e) {
      log.warn("P2PTask {}: no usage from the gateway: {}", name(), e.getMessage());
      return snapshot.originBytes();
    }
  }

  private synchronized void trouble(String reason, String message, boolean users) {
    boolean known = snapshot.trouble().filter(t -> t.reason().equals(reason)).isPresent();
    if (!known) {
      log.warn("P2PTask {}: {}: {}", name(), reason, message);
    }
    snapshot =
        new Snapshot(
            snapshot.phase(),
            snapshot.manifest(),
            snapshot.files(),
            snapshot.bytes(),
            snapshot.originBytes(),
            snapshot.begun(),
            Optional.of(
                new Snapshot.Trouble(
                    reason,
                    message,
                    users,
                    snapshot.trouble().map(Snapshot.Trouble::since).orElseGet(clock::instant))));
    changed.run();
  }

  private boolean ofImage() {
    return task.getSpec().image() != null;
  }

  private String name() {
    return task.getMetadata().getName();
  }
}
