package io.llmaz.scheduler;

import java.util.function.Consumer;

/**
 * What a {@link Simulation} plays: one file, those who have it, those who want it, their links.
 *
 * @param nodes that fetch the file
 * @param mebibytes of the file
 * @param nodeMegabits per second, of each node's link in each direction
 * @param sourceMegabits per second, of the source's link
 * @param seeds that can be asked
 * @param holders nodes that have the whole file beside the seeds
 * @param cold whether nobody has the file but the source
 * @param inFlight {@code concurrentPieceCount} of the daemons
 * @param zones over which the nodes are spread in turn; 0 when they name none
 * @param slowShare part of the nodes whose links have a tenth of the rate
 * @param known whether the scheduler has seen before how fast the nodes are
 * @param leaving part of the nodes that die while they fetch; as many others come instead
 * @param silent part of the nodes that stop to send while they fetch, and accept all the same
 * @param seconds over which the nodes ask, one after another
 * @param chance seed of every random choice
 */
public record Scenario(
    int nodes,
    int mebibytes,
    double nodeMegabits,
    double sourceMegabits,
    int seeds,
    int holders,
    boolean cold,
    int inFlight,
    int zones,
    double slowShare,
    boolean known,
    double leaving,
    double silent,
    double seconds,
    long chance) {

  /** Dragonfly's piece length for files of up to some GiB. */
  static final int PIECE = 4 << 20;

  private static final double SLOW = 0.1;

  /** One seed that has the file, links of 200 Mbit/s, two pieces in flight. */
  public static Scenario warm(int nodes, int mebibytes) {
    return new Scenario(
        nodes, mebibytes, 200, 200, 1, 0, false, 2, 0, 0, false, 0, 0, 0, nodes * 31L + mebibytes);
  }

  /** Nobody has the file but the source. */
  public Scenario cold(double source, double node) {
    return with(draft -> {
      draft.sourceMegabits = source;
      draft.nodeMegabits = node;
      draft.holders = 0;
      draft.cold = true;
    });
  }

  /** So many nodes have the file beside the seeds. */
  public Scenario holders(int count) {
    return with(draft -> draft.holders = count);
  }

  /** Daemons with another {@code concurrentPieceCount}. */
  public Scenario inFlight(int pieces) {
    return with(draft -> draft.inFlight = pieces);
  }

  /** Nodes in so many zones. */
  public Scenario zones(int count) {
    return with(draft -> draft.zones = count);
  }

  /** A part of the nodes has links of a tenth, and the scheduler has seen that before or not. */
  public Scenario slow(double share, boolean seenBefore) {
    return with(draft -> {
      draft.slowShare = share;
      draft.known = seenBefore;
    });
  }

  /** A part of the nodes dies while it fetches, another falls silent; others come instead. */
  public Scenario churn(double dying, double falling) {
    return with(draft -> {
      draft.leaving = dying;
      draft.silent = falling;
    });
  }

  /** The nodes ask one after another. */
  public Scenario over(double time) {
    return with(draft -> draft.seconds = time);
  }

  /** The same with other random choices. */
  public Scenario chance(long other) {
    return with(draft -> draft.chance = other);
  }

  private Scenario with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.scenario();
  }

  /** A copy in which single values may be set. */
  private static final class Draft {
    private final int nodes;
    private final int mebibytes;
    double nodeMegabits;
    double sourceMegabits;
    private final int seeds;
    int holders;
    boolean cold;
    int inFlight;
    int zones;
    double slowShare;
    boolean known;
    double leaving;
    double silent;
    double seconds;
    long chance;

    Draft(Scenario from) {
      nodes = from.nodes;
      mebibytes = from.mebibytes;
      nodeMegabits = from.nodeMegabits;
      sourceMegabits = from.sourceMegabits;
      seeds = from.seeds;
      holders = from.holders;
      cold = from.cold;
      inFlight = from.inFlight;
      zones = from.zones;
      slowShare = from.slowShare;
      known = from.known;
      leaving = from.leaving;
      silent = from.silent;
      seconds = from.seconds;
      chance = from.chance;
    }

    Scenario scenario() {
      return new Scenario(
          nodes,
          mebibytes,
          nodeMegabits,
          sourceMegabits,
          seeds,
          holders,
          cold,
          inFlight,
          zones,
          slowShare,
          known,
          leaving,
          silent,
          seconds,
          chance);
    }
  }

  int pieces() {
    return Math.max(1, (int) ((((long) mebibytes << 20) + PIECE - 1) / PIECE));
  }

  int slowNodes() {
    return (int) Math.round(nodes * slowShare);
  }

  double nodeBytes() {
    return nodeMegabits * 125_000;
  }

  double slowBytes() {
    return nodeBytes() * SLOW;
  }

  double sourceBytes() {
    return sourceMegabits * 125_000;
  }

  /**
   * What no way of spreading the file to the nodes that are not slow can do with less, in seconds:
   * {@code max(F / us, F / d, N F / (us + sum ui))}, as {@code bench/fanout} has it.
   */
  public double bound() {
    double file = (double) ((long) mebibytes << 20);
    double feeding = (seeds + holders) * nodeBytes();
    double first = cold ? sourceBytes() : feeding;
    int fast = nodes - slowNodes();
    double all = fast * nodeBytes() + slowNodes() * slowBytes() + feeding;
    return Math.max(file / first, Math.max(file / nodeBytes(), fast * file / all));
  }
}
