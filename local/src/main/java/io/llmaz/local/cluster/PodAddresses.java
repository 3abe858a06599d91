package io.llmaz.local.cluster;

import java.util.BitSet;

/**
 * The addresses of one node's pods: the node's own with another last number. Safe for several
 * threads.
 */
final class PodAddresses {
  private static final int FIRST = 2;
  private static final int LAST = 254;

  private final String prefix;
  private final BitSet used = new BitSet();
  private int next = FIRST;

  PodAddresses(String nodeAddress) {
    this.prefix = nodeAddress.substring(0, nodeAddress.lastIndexOf('.') + 1);
    used.set(Integer.parseInt(nodeAddress.substring(prefix.length())));
  }

  /** A free address, one that was not used lately where there is a choice. */
  synchronized String take() {
    for (int tried = FIRST; tried <= LAST; tried++) {
      int candidate = next;
      next = next == LAST ? FIRST : next + 1;
      if (!used.get(candidate)) {
        used.set(candidate);
        return prefix + candidate;
      }
    }
    throw new IllegalStateException("all addresses of " + prefix + "0/24 are in use");
  }

  synchronized void free(String address) {
    used.clear(Integer.parseInt(address.substring(prefix.length())));
  }
}
