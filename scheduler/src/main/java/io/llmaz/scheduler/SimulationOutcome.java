package io.llmaz.scheduler;

/**
 * How a {@link Simulation} ended. Times are of nodes whose links are not slow.
 *
 * @param first seconds until the first node had the file
 * @param makespan seconds until the last had it
 * @param bound seconds that any way of spreading takes
 * @param slowest seconds until the last of the slow nodes had it; 0 without such
 * @param source bytes read from the source / bytes of the file
 * @param deepest hops from a holder to the last of its chain, at the most
 * @param entries how often a zone was entered from another, at the most
 * @param incomplete nodes that live and have not got the file
 */
public record SimulationOutcome(
    double first,
    double makespan,
    double bound,
    double slowest,
    double source,
    int deepest,
    int entries,
    int incomplete) {

  /** Makespan / lower bound. */
  public double ratio() {
    return makespan / bound;
  }
}
