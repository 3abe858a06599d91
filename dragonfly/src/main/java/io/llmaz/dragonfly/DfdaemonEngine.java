package io.llmaz.dragonfly;

import io.llmaz.dragonfly.DaemonCalls.From;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.dfdaemon.DeleteTaskRequest;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives Dragonfly's seed peers over {@code dfdaemon.v2.DfdaemonUpload}, real daemons and embedded
 * ones alike.
 *
 * <p>A task belongs to the seed that {@link SeedOrder} puts first. The first healthy one is asked;
 * when it goes away or fails by itself the next one is, at most {@value #MAX_SEEDS} in all. What
 * the source answered is not asked of another seed. The other seeds learn of the bytes through
 * their scheduler, so that a change of seed costs the source nothing that a seed already has.
 *
 * <p>Each transfer has a virtual thread; asking twice for one task joins the first.
 */
public final class DfdaemonEngine implements DistributionEngine {
  private static final Logger log = LoggerFactory.getLogger(DfdaemonEngine.class);
  private static final int MAX_SEEDS = 3;

  /** Removing gigabytes takes a file system longer than answering does. */
  private static final int DELETE_DEADLINE_FACTOR = 10;

  private final DfdaemonEngineConfig config;
  private final Channels channels;
  private final SeedDirectory directory;
  private final Transfers transfers = new Transfers(this::run);
  private final DaemonCalls calls;

  private DfdaemonEngine(DfdaemonEngineConfig config, InstantSource clock) {
    if (config.seeds().isEmpty() && config.scheduler().isEmpty()) {
      throw new IllegalArgumentException("neither seeds nor a scheduler that knows them");
    }
    this.config = config;
    this.channels = new Channels(config.callDeadline(), config.tls());
    this.directory = new SeedDirectory(config, channels, clock);
    this.calls = new DaemonCalls(channels, config.callDeadline(), config.stallTimeout());
  }

  /** Starts an engine; nothing is connected before it is asked for something. */
  public static DfdaemonEngine start(DfdaemonEngineConfig config) {
    return new DfdaemonEngine(config, InstantSource.system());
  }

  static DfdaemonEngine start(DfdaemonEngineConfig config, InstantSource clock) {
    return new DfdaemonEngine(config, clock);
  }

  @Override
  public CompletableFuture<Progress> distribute(FileTask task, Consumer<Progress> listener) {
    return transfers.join(task, listener);
  }

  @Override
  public Optional<Progress> stat(String taskId) {
    Optional<Progress> running = transfers.latest(taskId);
    if (running.isPresent()) {
      return running;
    }
    SeedPoll<StatLocalTaskResponse> poll =
        calls.stat(SeedOrder.of(taskId, directory.seeds()), taskId);
    if (poll.answers().isEmpty()) {
      poll.requireAnyone();
    }
    return poll.answers().stream()
        .map(DaemonCalls::progress)
        .flatMap(Optional::stream)
        .reduce((one, other) -> other.complete() ? other : one);
  }

  @Override
  public void delete(String taskId) {
    transfers.cancel(taskId, "the task is deleted");
    DeleteTaskRequest request =
        DeleteTaskRequest.newBuilder()
            .setTaskId(taskId)
            .setRemoteIp(DaemonCalls.remoteIp())
            .build();
    SeedPoll.ask(
            SeedOrder.of(taskId, directory.seeds()),
            channels,
            config.callDeadline().multipliedBy(DELETE_DEADLINE_FACTOR),
            stub -> stub.deleteTask(request))
        .requireAnyone();
  }

  @Override
  public boolean available() {
    List<SeedAddress> seeds = directory.seeds();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var checks = new ExecutorCompletionService<Boolean>(threads);
      for (SeedAddress seed : seeds) {
        var _ = checks.submit(() -> channels.healthy(seed));
      }
      for (int answered = 0; answered < seeds.size(); answered++) {
        if (checks.take().get()) {
          threads.shutdownNow();
          return true;
        }
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a health check failed as it never should", e);
    }
  }

  @Override
  public void close() {
    transfers.close();
    channels.close();
  }

  private Progress run(Transfer transfer) throws InterruptedException {
    EngineException last = new EngineException(Reason.UNAVAILABLE, "no seed is known");
    int asked = 0;
    for (SeedAddress seed : SeedOrder.of(transfer.task().taskId(), directory.seeds())) {
      if (asked == MAX_SEEDS) {
        break;
      }
      Optional<String> trouble = channels.whyNot(seed);
      if (trouble.isPresent()) {
        throwIfInterrupted();
        last =
            new EngineException(
                Reason.UNAVAILABLE, "seed %s does not serve: %s".formatted(seed, trouble.get()));
        continue;
      }
      asked++;
      try {
        return calls
            .download(seed, transfer.task(), From.PEERS_OR_SOURCE, transfer::report)
            .at(seed);
      } catch (EngineException e) {
        if (e.reason() != Reason.UNAVAILABLE && e.reason() != Reason.FAILED) {
          throw e;
        }
        log.info("Task {}: {}", transfer.task().taskId(), e.getMessage());
        last = e;
      }
    }
    throw last;
  }

  private static void throwIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
