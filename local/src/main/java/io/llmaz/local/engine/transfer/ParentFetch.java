package io.llmaz.local.engine.transfer;

import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesResponse;
import io.llmaz.local.engine.scheduling.PeerConversation;
import io.llmaz.local.engine.store.StoreFullException;
import io.llmaz.local.engine.store.StoredPiece;
import io.llmaz.local.engine.store.TaskContent;
import io.llmaz.local.engine.traffic.TrafficCounters;
import io.llmaz.local.engine.vortex.PieceClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a task's missing pieces from one set of parents.
 *
 * <p>Each parent's {@code SyncPieces} stream fills a table of offers; a few workers take the lowest
 * missing piece that somebody offers, from the parent with the fewest pieces in flight. A parent
 * that fails is asked for less: a failed offer is gone, three failures end the parent. The fetch is
 * over when the task is complete, or exhausted when no open stream, offer or piece in flight can
 * bring more, or when nothing came for the stall timeout.
 *
 * <p>One monitor guards the table; workers leave it while they move bytes.
 */
final class ParentFetch {
  private static final Logger log = LoggerFactory.getLogger(ParentFetch.class);
  private static final int MAX_FAILURES = 3;

  private final TaskContent content;
  private final PieceClient client;
  private final TrafficCounters counters;
  private final PeerConversation conversation;
  private final TransferSettings settings;
  private final List<Parent> parents = new ArrayList<>();
  private final BitSet inFlight = new BitSet();
  private long lastProgress = System.nanoTime();
  private boolean over;
  private @Nullable IOException fatal;

  ParentFetch(
      TaskContent content,
      PieceClient client,
      TrafficCounters counters,
      PeerConversation conversation,
      TransferSettings settings) {
    this.content = content;
    this.client = client;
    this.counters = counters;
    this.conversation = conversation;
    this.settings = settings;
  }

  /**
   * Fetches what these parents can give.
   *
   * @return whether the task is complete now
   * @throws StoreFullException when this node has no room
   */
  boolean fetch(List<Peer> candidates, ParentChannels channels)
      throws IOException, InterruptedException {
    List<Integer> missing = content.task().missing();
    List<AutoCloseable> streams = new ArrayList<>();
    List<Thread> workers = new ArrayList<>();
    try {
      synchronized (this) {
        candidates.forEach(peer -> parents.add(new Parent(peer)));
      }
      for (Parent parent : List.copyOf(parents)) {
        streams.add(channels.syncPieces(parent.peer, content.task().id(), missing, parent));
      }
      for (int i = 0; i < Math.min(settings.concurrentPieces(), missing.size()); i++) {
        workers.add(Thread.ofVirtual().name("piece-worker").start(this::work));
      }
      for (Thread worker : workers) {
        worker.join();
      }
    } finally {
      synchronized (this) {
        over = true;
        notifyAll();
      }
      workers.forEach(Thread::interrupt);
      for (AutoCloseable stream : streams) {
        closeQuietly(stream);
      }
    }
    synchronized (this) {
      if (fatal != null) {
        throw fatal;
      }
    }
    return content.task().complete();
  }

  private void work() {
    try {
      Job job;
      while ((job = next()) != null) {
        run(job);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Job(Parent parent, int number, InetSocketAddress address) {}

  private synchronized @Nullable Job next() throws InterruptedException {
    while (!over) {
      Job job = choose();
      if (job != null) {
        inFlight.set(job.number);
        job.parent.busy++;
        return job;
      }
      Duration quiet = Duration.ofNanos(System.nanoTime() - lastProgress);
      boolean hopeless = inFlight.isEmpty() && parents.stream().noneMatch(parent -> parent.open);
      boolean stalled = inFlight.isEmpty() && quiet.compareTo(settings.stallTimeout()) > 0;
      if (hopeless || stalled || content.task().complete() || content.task().deleted()) {
        over = true;
        notifyAll();
        break;
      }
      wait(Math.clamp(settings.stallTimeout().minus(quiet).toMillis(), 1, 1000));
    }
    return null;
  }

  private @Nullable Job choose() {
    for (int number : content.task().missing()) {
      if (inFlight.get(number)) {
        continue;
      }
      Parent best = null;
      for (Parent parent : parents) {
        if (parent.offers.containsKey(number) && (best == null || parent.busy < best.busy)) {
          best = parent;
        }
      }
      InetSocketAddress address = best == null ? null : best.offers.get(number);
      if (best != null && address != null) {
        return new Job(best, number, address);
      }
    }
    return null;
  }

  private void run(Job job) {
    long start = System.nanoTime();
    try {
      StoredPiece piece = client.fetch(job.address, content, job.number);
      int length = content.task().layout().length(job.number);
      counters.addFromPeers(length);
      conversation.pieceFinished(
          job.parent.peer.getId(),
          job.number,
          content.task().layout().offset(job.number),
          length,
          piece.digest(),
          Duration.ofNanos(System.nanoTime() - start));
      done(job, null);
    } catch (StoreFullException e) {
      stop(job, e);
    } catch (IOException | RuntimeException e) {
      log.debug("Piece {} from {} failed: {}", job.number, job.address, e.toString());
      conversation.pieceFailed(job.parent.peer.getId(), job.number);
      done(job, e);
    }
  }

  private synchronized void done(Job job, @Nullable Exception failure) {
    inFlight.clear(job.number);
    job.parent.busy--;
    if (failure == null) {
      lastProgress = System.nanoTime();
    } else {
      job.parent.offers.remove(job.number);
      if (++job.parent.failures >= MAX_FAILURES) {
        job.parent.offers.clear();
        job.parent.open = false;
      }
    }
    notifyAll();
  }

  private synchronized void stop(Job job, IOException reason) {
    fatal = reason;
    over = true;
    done(job, reason);
  }

  private static void closeQuietly(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      log.debug("Closing a stream to a parent failed", e);
    }
  }

  /** One parent: what it offers and how it does. */
  private final class Parent implements ParentChannels.Offers {
    private final Peer peer;
    private final Map<Integer, InetSocketAddress> offers = new HashMap<>();
    private int busy;
    private int failures;
    private boolean open = true;

    Parent(Peer peer) {
      this.peer = peer;
    }

    @Override
    public void offered(SyncPiecesResponse piece) {
      synchronized (ParentFetch.this) {
        if (failures < MAX_FAILURES) {
          offers.put(piece.getNumber(), new InetSocketAddress(piece.getIp(), piece.getTcpPort()));
          lastProgress = System.nanoTime();
          ParentFetch.this.notifyAll();
        }
      }
    }

    @Override
    public void ended() {
      synchronized (ParentFetch.this) {
        open = false;
        ParentFetch.this.notifyAll();
      }
    }
  }
}
