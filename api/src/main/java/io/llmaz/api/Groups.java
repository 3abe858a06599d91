package io.llmaz.api;

/** API groups and the one version they have. */
public final class Groups {
  /** OpenModel and P2PTask. */
  public static final String LLMAZ = "llmaz.io";

  /** BackendRuntime, Playground and inference Service. */
  public static final String INFERENCE = "inference.llmaz.io";

  /** The version of every kind. */
  public static final String VERSION = "v1alpha1";

  private Groups() {}
}
