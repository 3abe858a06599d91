package io.llmaz.local.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The accounts and rights that an installation of llmaz brings. */
public final class SystemManifest {
  private SystemManifest() {}

  /** Them all, as YAML. */
  public static String yaml() {
    try (InputStream in = SystemManifest.class.getResourceAsStream("/io/llmaz/local/system.yaml")) {
      if (in == null) {
        throw new IllegalStateException("system.yaml is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
