package io.llmaz.local.engine.transfer;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.llmaz.local.engine.scheduling.NodeIdentity;
import io.llmaz.local.engine.scheduling.PeerConversation;
import io.llmaz.local.engine.scheduling.SchedulerClient;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.traffic.TrafficCounters;
import io.llmaz.local.engine.vortex.PieceClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All transfers of a node, at most one a task: whoever asks for a task that is on its way joins it.
 * For each task it remembers what was asked, to be able to fetch a piece again that went bad.
 */
public final class Transfers implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Transfers.class);
  private static final Duration NOTED_TIMEOUT = Duration.ofSeconds(5);

  private final NodeIdentity identity;
  private final Transfer.Means means;
  private final Map<String, Transfer> active = new ConcurrentHashMap<>();
  private final Map<String, Transfer> latest = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Transfers into a store.
   *
   * @param scheduler empty when the node works alone
   * @param connect opens a channel to another node's upload port
   */
  public Transfers(
      NodeIdentity identity,
      TaskStore store,
      Source source,
      Optional<SchedulerClient> scheduler,
      PieceClient pieces,
      Function<InetSocketAddress, ManagedChannel> connect,
      TrafficCounters counters,
      TransferSettings settings) {
    this.identity = identity;
    this.means =
        new Transfer.Means(
            store,
            source,
            scheduler,
            pieces,
            new ParentChannels(connect, identity.hostId()),
            counters,
            settings);
    store.onEviction(id -> Thread.ofVirtual().start(() -> forget(id)));
  }

  /** Joins the task's transfer, starting one unless the task is complete here. */
  public Transfer join(TransferRequest request) {
    Optional<StoredTask> known = means.store().find(request.taskId());
    if (known.isPresent() && known.get().complete()) {
      Transfer before = latest.get(request.taskId());
      String peerId = before != null ? before.peerId() : identity.newPeerId();
      return new Transfer(request, peerId, known.get());
    }
    return active.computeIfAbsent(request.taskId(), id -> start(request));
  }

  /** The transfer of a task that is on its way. */
  public Optional<Transfer> active(String taskId) {
    return Optional.ofNullable(active.get(taskId));
  }

  /** Fetches again what a task lost, when somebody once asked for the task here. */
  public void repair(String taskId) {
    Transfer before = latest.get(taskId);
    if (before != null && !closed) {
      log.info("Task {} lost a piece; fetching it again", taskId);
      join(before.request());
    }
  }

  /** Tells the scheduler that this node has a task whole; it may not know, after a restart. */
  public void announceComplete(Transfer transfer) {
    means
        .scheduler()
        .ifPresent(scheduler -> {
          var download = transfer.request().download().toBuilder().setMetadataOnly(true);
          var _ =
              transfer
                  .described()
                  .thenAccept(task ->
                      download
                          .setActualContentLength(task.layout().contentLength())
                          .setActualPieceLength(task.layout().pieceLength())
                          .setActualPieceCount(task.layout().count()));
          try (PeerConversation conversation =
              scheduler.converse(transfer.request().taskId(), transfer.peerId())) {
            conversation.register(download.build());
            log.debug(
                "Announced task {}: {}",
                transfer.request().taskId(),
                conversation.await(NOTED_TIMEOUT));
            conversation.finished();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          latest.put(transfer.request().taskId(), transfer);
        });
  }

  /** Removes a task from this node; a transfer of it ends. */
  public void delete(String taskId) throws IOException {
    means.store().delete(taskId);
    forget(taskId);
  }

  /** Stops everything at once. */
  @Override
  public void close() {
    closed = true;
    means.parents().close();
    threads.forEach(Thread::interrupt);
  }

  private Transfer start(TransferRequest request) {
    if (closed) {
      throw new TransferException(TransferException.Reason.CANCELLED, "the node stops");
    }
    Transfer before = latest.get(request.taskId());
    Transfer transfer =
        before != null && before.succeeded() && identity.seed()
            ? new Transfer(request, before.peerId(), true)
            : new Transfer(request, identity.newPeerId(), false);
    latest.put(request.taskId(), transfer);
    Thread thread =
        Thread.ofVirtual()
            .name("transfer-" + request.taskId())
            .unstarted(() -> {
              try {
                transfer.run(means, () -> active.remove(request.taskId(), transfer));
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
    return transfer;
  }

  private void forget(String taskId) {
    Transfer transfer = latest.remove(taskId);
    if (transfer != null && means.scheduler().isPresent()) {
      try {
        means.scheduler().get().forget(taskId, transfer.peerId());
      } catch (StatusRuntimeException e) {
        log.debug("The scheduler was not told that task {} is gone: {}", taskId, e.getStatus());
      }
    }
  }
}
