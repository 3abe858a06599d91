package io.llmaz.dragonfly;

import java.util.Collection;

/**
 * Puts files on chosen nodes, beside what {@link DistributionEngine} does for seeds. A node is told
 * to take them from peers ({@code disable_back_to_source}): what no peer has yet fails and can be
 * asked again. Dragonfly's daemons (1.5.10) still go to the source when their scheduler sends them
 * there, which it does while it knows no seed; so a caller waits until a seed has begun.
 *
 * <p>Implementations are safe for use by many threads; calls wait for their answer.
 */
public interface NodeEngine extends AutoCloseable {

  /**
   * Whether a node's daemon has the whole task. Costs one round trip.
   *
   * @throws EngineException when the daemon does not answer
   */
  boolean has(SeedAddress node, String taskId);

  /**
   * Brings a file to a node; what a node has of it already is kept. Returns when it is whole there,
   * and at once when it was.
   *
   * @param node the upload port of the node's daemon
   * @throws EngineException when the daemon is away, or no peer has the rest
   * @throws InterruptedException when interrupted, which also stops waiting for the daemon
   */
  void fetch(SeedAddress node, FileTask task) throws InterruptedException;

  /** Lets go of connections to all other nodes. */
  void retain(Collection<SeedAddress> nodes);

  @Override
  void close();
}
