package io.llmaz.scheduler;

/**
 * How a peer and its host did so far.
 *
 * @param rate bytes per second that its host is known to move; 0 when that is not known
 * @param shunned whether nobody is to be sent to it: it did not give what it said it had, or it
 *     fetches only a part of the file
 * @param stalled whether it has got nothing for a while from a parent that has what it lacks
 * @param impatient whether it has waited so long that any parent is better than none
 */
record Conduct(long rate, boolean shunned, boolean stalled, boolean impatient) {
  static final Conduct UNKNOWN = new Conduct(0, false, false, false);
}
