package io.llmaz.local.engine.scheduling;

import java.net.InetAddress;
import java.util.Objects;
import java.util.UUID;

/**
 * Who a node is, named by Dragonfly's rules.
 *
 * @param seed whether it is a super seed, which the scheduler sends to the source
 */
public record NodeIdentity(InetAddress ip, String hostname, boolean seed) {
  public NodeIdentity {
    Objects.requireNonNull(ip, "ip is null");
    if (hostname.isBlank()) {
      throw new IllegalArgumentException("hostname is blank");
    }
  }

  /** {@code <ip>-<hostname>}, with {@code -seed} for a seed. */
  public String hostId() {
    return ip.getHostAddress() + "-" + hostname + suffix();
  }

  /** A fresh id for one download: {@code <ip>-<hostname>-<uuid>}, with {@code -seed} for a seed. */
  public String newPeerId() {
    return ip.getHostAddress() + "-" + hostname + "-" + UUID.randomUUID() + suffix();
  }

  private String suffix() {
    return seed ? "-seed" : "";
  }
}
