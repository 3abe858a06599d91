package io.llmaz.api.p2p;

/** Condition types of a P2PTask and their reasons. */
public final class P2PTaskConditions {
  /** The source was resolved to a manifest. */
  public static final String RESOLVED = "Resolved";

  /** Every byte is on a seed peer. */
  public static final String DISTRIBUTED = "Distributed";

  /** Loaders get the bytes from peers. */
  public static final String ACCELERATED = "Accelerated";

  /** Loaders may start: accelerated, or fallen back to the source. */
  public static final String READY = "Ready";

  /** Reason of {@link #READY} when loaders download directly. */
  public static final String FALLBACK_TO_SOURCE = "FallbackToSource";

  private P2PTaskConditions() {}
}
