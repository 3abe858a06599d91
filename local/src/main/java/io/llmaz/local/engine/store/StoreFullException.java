package io.llmaz.local.engine.store;

import java.io.IOException;

/** The store's limit or its disk has no room, and nothing more can be evicted. */
public final class StoreFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public StoreFullException(String message) {
    super(message);
  }
}
