package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;

/** Who reads the source for a peer when nobody has the file. */
enum SourceUse {
  /** A seed; without one the peer itself. */
  SEED_FIRST(true, true),
  /** A seed and never the peer: its download forbids it. */
  SEED_ONLY(true, false),
  /** The peer itself, also where there are seeds. */
  ITSELF(false, true),
  /** Nobody: it wants what others have or get. */
  NOBODY(false, false);

  private final boolean seed;
  private final boolean itself;

  SourceUse(boolean seed, boolean itself) {
    this.seed = seed;
    this.itself = itself;
  }

  /** Of the download of a host; a seed's own is for others, whose priority it carries. */
  static SourceUse of(Download download, boolean seed) {
    boolean forbidden = download.getDisableBackToSource();
    if (seed) {
      return forbidden ? SEED_ONLY : SEED_FIRST;
    }
    return switch (download.getPriority()) {
      case LEVEL2 -> NOBODY;
      case LEVEL3 -> forbidden ? SEED_ONLY : ITSELF;
      default -> forbidden ? SEED_ONLY : SEED_FIRST;
    };
  }

  boolean asksSeeds() {
    return seed;
  }

  boolean readsItself() {
    return itself;
  }
}
