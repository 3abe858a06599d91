package io.llmaz.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What comes with this module to be applied to a cluster. */
final class Bundled {
  private Bundled() {}

  /**
   * The YAML of a name in a folder.
   *
   * @throws IllegalArgumentException when there is none
   */
  static String yaml(String folder, String name) {
    String path = "/" + folder + "/" + name + ".yaml";
    try (InputStream in = Bundled.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no " + name + " in " + folder);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
