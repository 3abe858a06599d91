package io.llmaz.scheduler;

import java.util.List;

/**
 * What the policy sees of a task.
 *
 * @param peers in the order in which they registered
 * @param pieces of the file; 0 when no peer has said how many there are
 * @param inFlight how many pieces a peer downloads at once
 * @param seeds whether a seed can be asked for the task, or is, or was and has not answered yet
 */
record TaskView(List<PeerView> peers, long pieces, int inFlight, Seeds seeds) {

  /** What is to be expected of seed peers. */
  enum Seeds {
    /** There is none, or all of them failed at this task. */
    NONE,
    /** One can be asked. */
    IDLE,
    /** One was asked and will register. */
    ASKED
  }

  TaskView {
    peers = List.copyOf(peers);
  }
}
