package io.llmaz.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    try (InputStream in = Crds.class.getResourceAsStream("/crds/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalArgumentException("no such CRD: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
