package io.llmaz.scheduler;

/**
 * The form in which a file is spread: how many children a parent has.
 *
 * <p>Time is counted in pieces at the rate of a link. For a file of P pieces with c in flight:
 *
 * <ul>
 *   <li>A hop, from a peer's first piece to its child's, costs about {@code h = 2 + c / 4}, and
 *       never more than P. A daemon that has c pieces in flight does not finish them together, as
 *       they do not keep in step.
 *   <li>One child each (chains): each chain gets one peer longer with every hop, and every P a link
 *       that was busy is free for a chain of its own. So the number of chains at hop t is {@code
 *       C(t) = C(t - 1) + C(t - P/h)}, and as many peers begin then, each at the full rate. No form
 *       with one parent for each peer ends before 2 P but a chain: a parent with two children needs
 *       2 P to send the file twice. With {@code P = h} it is doubling.
 *   <li>Trees of k children: {@code k × (P + h × (log_k(N/H) - 1))} for N peers and H holders:
 *       worth it for hundreds of peers and files that are not small.
 * </ul>
 *
 * @param children at most so many for each parent
 */
record Shape(int children) {
  private static final int MOST_CHILDREN = 4;

  static final Shape CHAIN = new Shape(1);

  /**
   * The quickest form.
   *
   * @param pieces of the file; 0 when that is not known
   * @param inFlight how many pieces a peer downloads at once
   * @param peers that have not got the file yet
   * @param holders of the file, the reader of the source among them
   */
  static Shape of(long pieces, int inFlight, int peers, int holders) {
    if (pieces < 1 || peers < 2) {
      return CHAIN;
    }
    double hop = Math.min((double) pieces, hop(inFlight));
    int heads = Math.max(1, holders);
    Shape best = CHAIN;
    double least = chains((double) pieces, hop, peers, heads);
    for (int k = 2; k <= MOST_CHILDREN; k++) {
      double depth = Math.ceil(Math.log1p(peers / (double) heads * (k - 1)) / Math.log(k) - 1e-9);
      double time = k * (pieces + hop * (depth - 1));
      if (time < least) {
        least = time;
        best = new Shape(k);
      }
    }
    return best;
  }

  /** What a hop costs, in pieces at the rate of a link. */
  static double hop(int inFlight) {
    return 2 + Math.max(1, inFlight) / 4.0;
  }

  /** When the last of so many peers has the file, with one child each. */
  static double chains(double pieces, double hop, int peers, int heads) {
    int busy = (int) Math.max(1, Math.round(pieces / hop));
    // Chains by hop; no more hops than peers, as one begins with each.
    double[] chains = new double[peers + 1];
    double begun = 0;
    int at = 0;
    while (begun < peers) {
      chains[at] = at == 0 ? heads : chains[at - 1] + (at >= busy ? chains[at - busy] : 0);
      begun += chains[at];
      at++;
    }
    return pieces + (at - 1) * hop;
  }
}
