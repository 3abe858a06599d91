package io.llmaz.api;

import java.util.List;

/** The CRDs as YAML, as they are applied to a cluster. */
public final class Crds {
  /** Their names, in the order in which they can be applied. */
  public static final List<String> NAMES =
      List.of(
          "openmodels.llmaz.io",
          "p2ptasks.llmaz.io",
          "backendruntimes.inference.llmaz.io",
          "playgrounds.inference.llmaz.io",
          "services.inference.llmaz.io");

  private Crds() {}

  /**
   * The YAML of one CRD.
   *
   * @throws IllegalArgumentException for a name that is not among {@link #NAMES}
   */
  public static String yaml(String name) {
    return Bundled.yaml("crds", name);
  }
}
