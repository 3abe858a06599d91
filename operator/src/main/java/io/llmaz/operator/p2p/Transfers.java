package io.llmaz.operator.p2p;

import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.source.BytesFrom;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task on their way to seeds: the largest first, as many at once as {@link
 * TransferBudget} lets. When one fails the others go on, and whoever brings the files again joins
 * them. For one thread, but for what engines tell, which comes on theirs.
 */
final class Transfers {

  /**
   * A file on its way.
   *
   * @param asked of the engine; ended by cancelling it
   * @param noted done when what came of it is noted, which is later
   */
  private record Transfer(Future<?> asked, Future<?> noted) {}

  private final TransferBudget budget;
  private final ObjLongConsumer<String> arrived;
  private final Map<String, Transfer> running = new ConcurrentHashMap<>();
  private final Map<String, SeedAddress> seeds = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param arrived told a file's path and how many of its bytes a seed has, which may be none
   */
  Transfers(TransferBudget budget, ObjLongConsumer<String> arrived) {
    this.budget = budget;
    this.arrived = arrived;
  }

  /** Whether nothing is on its way. */
  boolean idle() {
    return running.values().stream().allMatch(transfer -> transfer.noted().isDone());
  }

  void cancel() {
    running.values().forEach(transfer -> transfer.asked().cancel(true));
  }

  /** Which seed has a file, where its engine said so. */
  Optional<SeedAddress> seedOf(ManifestFile file) {
    return Optional.ofNullable(seeds.get(file.path()));
  }

  /**
   * Brings files, and returns when seeds have all of them.
   *
   * @param links by path
   * @param named whether tasks have the engine's names for such files; else their address names
   *     them
   * @throws EngineException the first failure
   * @throws SourceException when a file has no link
   */
  void bring(
      List<ManifestFile> files, Map<String, URI> links, DistributionEngine engine, boolean named)
      throws InterruptedException {
    List<ManifestFile> largestFirst =
        files.stream()
            .filter(file -> file.size() > 0)
            .sorted(Comparator.comparingLong(ManifestFile::size).reversed())
            .toList();
    running.values().removeIf(transfer -> transfer.noted().isDone());
    try {
      for (ManifestFile file : largestFirst) {
        if (!running.containsKey(file.path())) {
          TransferBudget.Share share = budget.take(file.size());
          start(engine, file, links.get(file.path()), named, share);
        }
        throwFirstFailure();
      }
      for (Transfer transfer : List.copyOf(running.values())) {
        transfer.noted().get();
      }
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private void start(
      DistributionEngine engine,
      ManifestFile file,
      @Nullable URI link,
      boolean named,
      TransferBudget.Share share) {
    if (link == null) {
      share.close();
      throw new SourceException(
          SourceException.Kind.BUG, "the gateway gave no link for " + file.path());
    }
    FileTask task =
        new FileTask(
            BytesFrom.GATEWAY.narrow(link), named ? engine.keys().of(file) : null, Map.of());
    CompletableFuture<Progress> asked =
        engine.distribute(
            task,
            // Some engines do not tell how much it is, but that it has begun.
            progress -> arrived.accept(file.path(), Math.max(0, progress.completedLength())));
    CompletableFuture<Progress> noted =
        asked.whenComplete((last, failure) -> {
          share.close();
          if (failure == null) {
            last.seed().ifPresent(seed -> seeds.put(file.path(), seed));
            arrived.accept(file.path(), file.size());
          }
        });
    running.put(file.path(), new Transfer(asked, noted));
  }

  private void throwFirstFailure() throws ExecutionException, InterruptedException {
    for (Transfer transfer : List.copyOf(running.values())) {
      if (transfer.noted().isDone()) {
        transfer.noted().get();
      }
    }
  }

  private static EngineException failure(ExecutionException e) {
    return e.getCause() instanceof EngineException engine
        ? engine
        : new EngineException(
            EngineException.Reason.FAILED, String.valueOf(e.getCause()), 0, e.getCause());
  }
}
