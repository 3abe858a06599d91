package io.llmaz.api;

import java.util.List;

/**
 * The rules that no schema can say, as ValidatingAdmissionPolicies with their bindings: what
 * llmaz's validating webhooks refuse, and names that nothing can come of. They are not in the CRDs,
 * which stay llmaz's own.
 */
public final class Policies {
  /** Their names: those of the CRDs that they are for, and one that only warns. */
  public static final List<String> NAMES =
      List.of(
          "openmodels.llmaz.io",
          "backendruntimes.inference.llmaz.io",
          "playgrounds.inference.llmaz.io",
          "services.inference.llmaz.io",
          "names.inference.llmaz.io");

  private Policies() {}

  /**
   * The YAML of a policy and its binding.
   *
   * @throws IllegalArgumentException for a name that is not among {@link #NAMES}
   */
  public static String yaml(String name) {
    return Bundled.yaml("policies", name);
  }
}
