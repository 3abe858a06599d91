package io.llmaz.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Pieces on their way from one daemon to another, several at once over connections that share what
 * the sender's link gives, unevenly as TCP does.
 */
final class SimulatedTransfer {
  private static final double LEAST_WEIGHT = 0.5;

  final SimulatedDaemon from;
  final SimulatedDaemon to;
  private final int connections;
  private final ArrayDeque<Integer> offered = new ArrayDeque<>();
  private final List<Flow> flows = new ArrayList<>();

  double lastPiece;

  /** How long the last piece took. */
  double lastSeconds;

  /** Whether the child looks for its parent's pieces by now. */
  boolean looking;

  boolean closed;

  /** Connections that pause between two pieces. */
  int pausing;

  /** Counts its changes of rate, so that ends that were foretold before mean nothing. */
  int changes;

  private double rate;
  private double since;

  private static final class Flow {
    final int piece;
    final double weight;
    final double begun;
    double bytes = Scenario.PIECE;

    Flow(int piece, double weight, double begun) {
      this.begun = begun;
      this.piece = piece;
      this.weight = weight;
    }
  }

  SimulatedTransfer(SimulatedDaemon from, SimulatedDaemon to, int connections, double now) {
    this.from = from;
    this.to = to;
    this.connections = connections;
    since = now;
    lastPiece = now;
  }

  void offer(int piece) {
    offered.add(piece);
  }

  int active() {
    return flows.size();
  }

  /** Starts what can start; whether anything did. */
  boolean start(double now, double chance) {
    boolean started = false;
    while (!closed && !offered.isEmpty() && flows.size() + pausing < connections) {
      if (!started) {
        advance(now);
      }
      started = true;
      // Each further connection of a moment gets a share of its own.
      double weight = LEAST_WEIGHT + (chance + flows.size() * 0.37) % 1;
      flows.add(new Flow(offered.remove(), weight, now));
    }
    return started;
  }

  /** Lets time pass at the present rate, then goes on at another. */
  void rate(double now, double bytesPerSecond) {
    advance(now);
    rate = bytesPerSecond;
    changes++;
  }

  /** Seconds until the next piece is whole at the present rate. */
  double untilNext() {
    double least = Double.POSITIVE_INFINITY;
    double all = weights();
    for (Flow flow : flows) {
      least = Math.min(least, flow.bytes / (rate * flow.weight / all));
    }
    return least;
  }

  /** The piece that is whole now. */
  int take(double now) {
    advance(now);
    Flow whole = flows.getFirst();
    for (Flow flow : flows) {
      if (flow.bytes < whole.bytes) {
        whole = flow;
      }
    }
    flows.remove(whole);
    lastPiece = now;
    lastSeconds = now - whole.begun;
    return whole.piece;
  }

  private void advance(double now) {
    double all = weights();
    for (Flow flow : flows) {
      flow.bytes -= (now - since) * rate * flow.weight / all;
    }
    since = now;
  }

  private double weights() {
    double all = 0;
    for (Flow flow : flows) {
      all += flow.weight;
    }
    return all;
  }
}
