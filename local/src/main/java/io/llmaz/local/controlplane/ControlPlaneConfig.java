package io.llmaz.local.controlplane;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a control plane runs.
 *
 * @param listen a loopback address; port 0 takes a free one
 * @param directory where objects are kept; empty keeps them in memory only
 */
public record ControlPlaneConfig(InetSocketAddress listen, Optional<Path> directory) {
  public ControlPlaneConfig {
    if (!listen.getAddress().isLoopbackAddress()) {
      // Requests without credentials are the owner's, so only the owner's machine may send them.
      throw new IllegalArgumentException("not a loopback address: " + listen);
    }
  }
}
