package io.llmaz.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Transfers between the daemons of a {@link Simulation}, and the links that they share.
 *
 * <p>A sender's link is shared by its connections; a receiver's link, which has one sender, limits
 * them.
 */
final class SimulatedNetwork {
  /** From the scheduler's answer to the first look at the parent's pieces. */
  private static final double DIAL_SECONDS = 0.02;

  /** How often a parent that has no piece yet looks whether it has one. */
  private static final double LOOK_SECONDS = 0.1;

  /** For which a connection is idle between two pieces, at the most. */
  private static final double PIECE_SECONDS = 0.1;

  private final SimulatedTime time;
  private final Random random;
  private final int pieces;
  private final Listener listener;
  private final Map<String, Integer> entries = new HashMap<>();
  private int deepest;

  /** Who is told what became of transfers. */
  interface Listener {
    /** The child has a further piece. */
    void piece(SimulatedTransfer transfer, int piece);

    /** The child has the file, and its transfer is closed. */
    void whole(SimulatedDaemon child);
  }

  SimulatedNetwork(SimulatedTime time, Random random, int pieces, Listener listener) {
    this.time = time;
    this.random = random;
    this.pieces = pieces;
    this.listener = listener;
  }

  /** Hops from a holder to the last of its chain, at the most. */
  int deepest() {
    return deepest;
  }

  /** How often a zone was entered from another, at the most. */
  int mostEntries() {
    return entries.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  SimulatedTransfer connect(SimulatedDaemon from, SimulatedDaemon to, int connections) {
    SimulatedTransfer transfer = new SimulatedTransfer(from, to, connections, time.now());
    to.receiving = transfer;
    from.sending.add(transfer);
    deepest = Math.max(deepest, depth(to));
    time.after(DIAL_SECONDS, () -> look(transfer));
    return transfer;
  }

  /** A daemon of a zone gets the file from another zone. */
  void entered(String zone) {
    entries.merge(zone, 1, Integer::sum);
  }

  private static int depth(SimulatedDaemon daemon) {
    Set<SimulatedTransfer> way = new HashSet<>();
    for (SimulatedTransfer at = daemon.receiving; at != null; at = at.from.receiving) {
      if (!way.add(at)) {
        throw new IllegalStateException("a cycle through " + daemon.name);
      }
    }
    return way.size();
  }

  private void look(SimulatedTransfer transfer) {
    if (transfer.from.told.isEmpty() && !transfer.closed) {
      time.after(LOOK_SECONDS, () -> look(transfer));
      return;
    }
    transfer.looking = true;
    transfer.from.told.stream()
        .filter(piece -> !transfer.to.pieces.get(piece))
        .forEach(transfer::offer);
    fill(transfer);
  }

  private void fill(SimulatedTransfer transfer) {
    if (transfer.start(time.now(), random.nextDouble())) {
      rerate(transfer.from);
    }
  }

  /** Shares a sender's link anew: a connection each, and nobody more than its own link takes. */
  void rerate(SimulatedDaemon sender) {
    double left = sender.silent ? 1e-9 : sender.bytesPerSecond;
    List<SimulatedTransfer> open =
        new ArrayList<>(sender.sending.stream().filter(transfer -> transfer.active() > 0).toList());
    open.sort((a, b) ->
        Double.compare(a.to.bytesPerSecond / a.active(), b.to.bytesPerSecond / b.active()));
    int connections = open.stream().mapToInt(SimulatedTransfer::active).sum();
    for (SimulatedTransfer transfer : open) {
      double share =
          Math.min(transfer.to.bytesPerSecond, left * transfer.active() / Math.max(1, connections));
      left -= share;
      connections -= transfer.active();
      transfer.rate(time.now(), share);
      int change = transfer.changes;
      time.after(
          transfer.untilNext(),
          () -> {
            if (change == transfer.changes && !transfer.closed) {
              pieceIsWhole(transfer);
            }
          });
    }
  }

  private void pieceIsWhole(SimulatedTransfer transfer) {
    SimulatedDaemon to = transfer.to;
    int piece = transfer.take(time.now());
    transfer.pausing++;
    to.has(piece);
    listener.piece(transfer, piece);
    for (SimulatedTransfer next : List.copyOf(to.sending)) {
      if (next.looking && !next.to.pieces.get(piece)) {
        next.offer(piece);
        fill(next);
      }
    }
    if (to.pieces.cardinality() == pieces) {
      close(transfer);
      listener.whole(to);
    } else {
      rerate(transfer.from);
      time.after(
          random.nextDouble() * PIECE_SECONDS,
          () -> {
            transfer.pausing--;
            fill(transfer);
          });
    }
  }

  void close(SimulatedTransfer transfer) {
    transfer.closed = true;
    transfer.changes++;
    transfer.to.receiving = null;
    transfer.from.sending.remove(transfer);
    rerate(transfer.from);
  }
}
