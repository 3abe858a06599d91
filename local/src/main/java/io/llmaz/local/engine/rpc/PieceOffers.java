package io.llmaz.local.engine.rpc;

import io.grpc.Status;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesRequest;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesResponse;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.transfer.Transfers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The parent's side of {@code SyncPieces}: the pieces it has at once, each later one the moment it
 * is checked and stored. The stream ends when every wanted piece was offered, or when nobody here
 * fetches the task any more.
 */
final class PieceOffers {
  private static final Duration TURN = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TaskStore store;
  private final Transfers transfers;
  private final InetSocketAddress pieces;

  PieceOffers(TaskStore store, Transfers transfers, InetSocketAddress pieces) {
    this.store = store;
    this.transfers = transfers;
    this.pieces = pieces;
  }

  void stream(SyncPiecesRequest request, Outbox<SyncPiecesResponse> out) {
    try {
      Optional<StoredTask> task = find(request.getTaskId(), out);
      if (task.isEmpty()) {
        out.fail(
            Status.NOT_FOUND
                .withDescription("no task " + request.getTaskId() + " here")
                .asException());
        return;
      }
      offer(task.get(), request, out);
      out.complete();
    } catch (InterruptedException e) {
      out.fail(Status.UNAVAILABLE.withDescription("the node stops").asException());
    }
  }

  private void offer(StoredTask task, SyncPiecesRequest request, Outbox<SyncPiecesResponse> out)
      throws InterruptedException {
    Set<Integer> wanted = new HashSet<>(request.getInterestedPieceNumbersList());
    int cursor = 0;
    long idleSince = System.nanoTime();
    while (!wanted.isEmpty() && !task.deleted() && !out.cancelled()) {
      long seen = task.changes();
      var arrived = task.arrivals(cursor);
      cursor += arrived.size();
      for (int number : arrived) {
        if (task.piece(number).isPresent() && wanted.remove(number)) {
          out.send(offer(task, number));
        }
      }
      if (!arrived.isEmpty() || transfers.active(task.id()).isPresent()) {
        idleSince = System.nanoTime();
      } else if (System.nanoTime() - idleSince > PATIENCE.toNanos()) {
        return;
      }
      if (!wanted.isEmpty()) {
        task.await(seen, TURN);
      }
    }
  }

  /** A child may ask before this node itself has learnt how long the file is. */
  private Optional<StoredTask> find(String taskId, Outbox<?> out) {
    long start = System.nanoTime();
    Optional<StoredTask> task = store.find(taskId);
    while (task.isEmpty()
        && !out.cancelled()
        && (transfers.active(taskId).isPresent() || System.nanoTime() - start < TURN.toNanos())) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      task = store.find(taskId);
    }
    return task;
  }

  private SyncPiecesResponse offer(StoredTask task, int number) {
    return SyncPiecesResponse.newBuilder()
        .setNumber(number)
        .setOffset(task.layout().offset(number))
        .setLength(task.layout().length(number))
        .setIp(pieces.getAddress().getHostAddress())
        .setTcpPort(pieces.getPort())
        .build();
  }
}
