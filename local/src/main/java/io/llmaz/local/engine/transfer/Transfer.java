package io.llmaz.local.engine.transfer;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.local.engine.scheduling.Answer;
import io.llmaz.local.engine.scheduling.PeerConversation;
import io.llmaz.local.engine.scheduling.SchedulerClient;
import io.llmaz.local.engine.store.PieceLayout;
import io.llmaz.local.engine.store.StoreFullException;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.local.engine.store.TaskContent;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.traffic.TrafficCounters;
import io.llmaz.local.engine.transfer.TransferException.Reason;
import io.llmaz.local.engine.vortex.PieceClient;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task on its way to this node; everybody here who wants the task shares it.
 *
 * <p>It first learns how long the file is (from the store, else by a probe), then does what the
 * scheduler says: fetch from parents, read the source, or ask again when parents have trouble. When
 * the scheduler is away or has no more advice it reads the source itself, unless that is forbidden.
 * It runs on one virtual thread and goes on when those who asked have gone, as Dragonfly's does.
 */
public final class Transfer {
  private static final Logger log = LoggerFactory.getLogger(Transfer.class);

  private final TransferRequest request;
  private final String peerId;
  private final CompletableFuture<StoredTask> described = new CompletableFuture<>();
  private final CompletableFuture<StoredTask> done = new CompletableFuture<>();
  private final boolean local;
  private final boolean repair;
  private boolean ranges = true;

  /**
   * Of a task that is not whole here.
   *
   * @param repair whether this node is a seed that had the whole task and lost pieces: it reads
   *     them from the source without asking, since whoever else lacks them waits for it
   */
  Transfer(TransferRequest request, String peerId, boolean repair) {
    this.request = request;
    this.peerId = peerId;
    this.local = false;
    this.repair = repair;
  }

  /** Of a task that is here already. */
  Transfer(TransferRequest request, String peerId, StoredTask task) {
    this.request = request;
    this.peerId = peerId;
    this.local = true;
    this.repair = false;
    described.complete(task);
    done.complete(task);
  }

  /** What was asked first. */
  public TransferRequest request() {
    return request;
  }

  /** The id under which the scheduler knows this download. */
  public String peerId() {
    return peerId;
  }

  /** Whether the task was complete before it was asked for. */
  public boolean local() {
    return local;
  }

  /** The task, once its length is known; pieces follow. Fails with a {@link TransferException}. */
  public CompletableFuture<StoredTask> described() {
    return described;
  }

  /** The task when it is complete. Fails with a {@link TransferException}. */
  public CompletableFuture<StoredTask> done() {
    return done;
  }

  boolean succeeded() {
    return done.isDone() && !done.isCompletedExceptionally();
  }

  /** What a transfer works with. */
  record Means(
      TaskStore store,
      Source source,
      Optional<SchedulerClient> scheduler,
      PieceClient pieces,
      ParentChannels parents,
      TrafficCounters counters,
      TransferSettings settings) {}

  /** Does it; the two futures are complete afterwards. */
  void run(Means means, Runnable atEnd) {
    try (TaskContent content = describe(means)) {
      described.complete(content.task());
      try {
        while (!content.task().complete()) {
          fetch(content, means);
        }
      } catch (StoreFullException e) {
        // What is here of it would only keep room from others.
        means.store().delete(request.taskId());
        throw e;
      }
      atEnd.run();
      done.complete(content.task());
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      TransferException failure = failure(e);
      log.info("Task {} failed: {}", request.taskId(), failure.getMessage());
      atEnd.run();
      described.completeExceptionally(failure);
      done.completeExceptionally(failure);
    } finally {
      means.store().find(request.taskId()).ifPresent(StoredTask::signal);
    }
  }

  private TaskContent describe(Means means) throws IOException, InterruptedException {
    Optional<TaskContent> known = means.store().open(request.taskId());
    if (known.isPresent()) {
      return known.get();
    }
    Download download = request.download();
    Source.Description description =
        means.source().probe(download.getUrl(), download.getRequestHeaderMap());
    ranges = description.ranges();
    PieceLayout layout;
    if (download.hasPieceLength()) {
      layout = new PieceLayout(description.contentLength(), download.getPieceLength());
    } else if (means.settings().pieceLength().isPresent()) {
      layout =
          new PieceLayout(description.contentLength(), means.settings().pieceLength().getAsLong());
    } else {
      layout = PieceLayout.of(description.contentLength());
    }
    return means.store().create(request.taskId(), layout, description.headers());
  }

  private void fetch(TaskContent content, Means means) throws IOException, InterruptedException {
    if (repair) {
      readSource(content, means, Optional.empty(), "pieces were lost");
      return;
    }
    if (means.scheduler().isEmpty()) {
      readSource(content, means, Optional.empty(), "there is no scheduler");
      return;
    }
    try (PeerConversation conversation =
        means.scheduler().get().converse(request.taskId(), peerId)) {
      conversation.register(registration(content.task().layout()));
      obey(content, means, conversation);
    }
  }

  private void obey(TaskContent content, Means means, PeerConversation conversation)
      throws IOException, InterruptedException {
    boolean started = false;
    for (int schedules = 0; schedules < means.settings().maxSchedules(); schedules++) {
      Answer answer = conversation.await(means.settings().scheduleTimeout());
      switch (answer) {
        case Answer.Empty() -> {
          return;
        }
        case Answer.Noted() -> {
          return;
        }
        case Answer.BackToSource(String why) -> {
          readSource(content, means, Optional.of(conversation), why);
          return;
        }
        case Answer.Ended(var status) -> {
          readSource(content, means, Optional.empty(), "the scheduler answered " + status);
          return;
        }
        case Answer.Parents(var parents) -> {
          if (!started) {
            conversation.started();
            started = true;
          }
          ParentFetch fetch =
              new ParentFetch(
                  content, means.pieces(), means.counters(), conversation, means.settings());
          if (fetch.fetch(parents, means.parents())) {
            conversation.finished();
            return;
          }
          if (content.task().deleted()) {
            throw new TransferException(Reason.CANCELLED, "the task was deleted meanwhile");
          }
          conversation.reschedule(parents, "pieces are missing");
        }
      }
    }
    readSource(content, means, Optional.of(conversation), "no parent had the rest");
  }

  private void readSource(
      TaskContent content, Means means, Optional<PeerConversation> conversation, String why)
      throws IOException, InterruptedException {
    if (!means.settings().backToSource() || request.download().getDisableBackToSource()) {
      conversation.ifPresent(c -> c.failed("reading the source is disabled"));
      throw new TransferException(
          Reason.NO_PEERS, "no peer has the task and reading the source is disabled: " + why);
    }
    log.debug("Task {} reads its source: {}", request.taskId(), why);
    conversation.ifPresent(c -> c.sourceStarted(why));
    try {
      new SourceFetch(
              content,
              means.source(),
              request.download(),
              conversation.orElse(null),
              means.settings())
          .fetch(ranges);
    } catch (IOException | RuntimeException | InterruptedException e) {
      conversation.ifPresent(c -> c.sourceFailed(String.valueOf(e.getMessage())));
      throw e;
    }
    conversation.ifPresent(PeerConversation::sourceFinished);
  }

  private Download registration(PieceLayout layout) {
    return request.download().toBuilder()
        .setActualContentLength(layout.contentLength())
        .setActualPieceLength(layout.pieceLength())
        .setActualPieceCount(layout.count())
        .build();
  }

  private static TransferException failure(Exception e) {
    return switch (e) {
      case TransferException known -> known;
      case StoreFullException full ->
          new TransferException(Reason.STORE_FULL, String.valueOf(full.getMessage()), full);
      case InterruptedException stopped ->
          new TransferException(Reason.CANCELLED, "the node stops", stopped);
      case NoSuchElementException gone ->
          new TransferException(Reason.CANCELLED, String.valueOf(gone.getMessage()), gone);
      case IOException io ->
          new TransferException(Reason.SOURCE, "the source cannot be reached or read: " + io, io);
      default -> {
        log.error("A transfer failed as it never should", e);
        yield new TransferException(Reason.FAILED, String.valueOf(e.getMessage()), e);
      }
    };
  }
}
