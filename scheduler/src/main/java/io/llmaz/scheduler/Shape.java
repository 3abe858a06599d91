package io.llmaz.scheduler;

/**
 * The form in which a file is spread: how many children a parent has, and whether a peer feeds
 * before it has everything.
 *
 * <p>Time is counted in pieces at the rate of a link. A parent with k children gives each a k-th of
 * its link. A child can begin when its parent's first pieces are whole, and a daemon finishes all
 * that it has in flight at about the same time, so a hop costs k × the pieces in flight. For N
 * peers behind H holders of a file of P pieces with c in flight:
 *
 * <ul>
 *   <li>chains (k = 1): {@code P + c × (N/H - 1)}: a holder's own child begins at once
 *   <li>trees: {@code k × P + k × c × (log_k(N/H) - 1)}: worth its k × P when there are many peers
 *   <li>rounds, where only whole copies feed, one child at a time, and their number doubles: {@code
 *       P × log_2(N/H + 1)}: for files of few pieces, which a chain would pass on whole at each hop
 * </ul>
 *
 * @param children at most so many for each parent, while that is possible
 * @param rounds whether only those that have or read the whole file feed
 */
record Shape(int children, boolean rounds) {
  private static final int MOST_CHILDREN = 4;

  static final Shape CHAIN = new Shape(1, false);

  /**
   * The quickest form.
   *
   * @param pieces of the file; 0 when that is not known
   * @param inFlight how many pieces a peer downloads at once
   * @param peers that have not got the file yet
   * @param holders of the file, the reader of the source among them
   */
  static Shape of(long pieces, int inFlight, int peers, int holders) {
    if (pieces < 1 || peers < 1) {
      return CHAIN;
    }
    double each = Math.ceil(peers / (double) Math.max(1, holders));
    double flight = Math.min(Math.max(1, inFlight), pieces);
    Shape best = CHAIN;
    double least = pieces + flight * (each - 1);
    for (int k = 2; k <= MOST_CHILDREN; k++) {
      double depth = Math.ceil(Math.log1p(each * (k - 1)) / Math.log(k) - 1e-9);
      double time = k * (pieces + flight * (depth - 1));
      if (time < least) {
        least = time;
        best = new Shape(k, false);
      }
    }
    double rounds = pieces * Math.ceil(Math.log1p(each) / Math.log(2) - 1e-9);
    return rounds < least ? new Shape(1, true) : best;
  }
}
