package io.llmaz.operator.nodes;

import io.llmaz.api.p2p.P2PTaskStatus.NodeCount;
import org.jspecify.annotations.Nullable;

/**
 * How many nodes a task was brought to.
 *
 * @param chosen nodes that there are and that are meant
 * @param complete of these, nodes that are ready and have every file
 * @param failing of these, nodes that could not be asked or filled several times in a row
 * @param settled whether each was looked at since this operator began; until then too few are
 *     complete
 */
public record NodeCounts(long chosen, long complete, long failing, boolean settled) {

  /**
   * What the status says; null while nothing is known.
   *
   * @param before what it said; an operator that was started again keeps to that until it knows
   */
  public @Nullable NodeCount status(@Nullable NodeCount before) {
    boolean shown = settled || (before == null && chosen > 0);
    return shown ? new NodeCount(chosen, complete) : before;
  }
}
