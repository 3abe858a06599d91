package io.llmaz.dragonfly;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * With what we and Dragonfly prove to each other who we are: a mounted Secret of type {@code
 * kubernetes.io/tls} as cert-manager makes it, with {@code ca.crt}, {@code tls.crt} and {@code
 * tls.key}. The files are read again while they are used, so a renewed certificate needs no
 * restart.
 *
 * @param directory that holds the three files, PEM
 * @param serverName the name in the certificates of daemons and scheduler; null when they are
 *     issued for the addresses at which we ask
 */
public record TlsFiles(Path directory, @Nullable String serverName) {
  public TlsFiles {
    Objects.requireNonNull(directory, "directory is null");
  }

  Path authority() {
    return directory.resolve("ca.crt");
  }

  Path certificate() {
    return directory.resolve("tls.crt");
  }

  Path key() {
    return directory.resolve("tls.key");
  }
}
