package io.llmaz.local.cluster;

import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A node to add.
 *
 * @param name the Node object's name
 * @param address a loopback address {@code 127.x.y.z} of its own; its pods get the others of {@code
 *     127.x.y.0/24}, so no two nodes share the first three numbers
 * @param proxyPort where its daemon's HTTP proxy listens on that address; empty when it has none,
 *     and images come from their registries directly
 * @param labels beside the usual ones
 */
public record LocalNodeConfig(
    String name, String address, OptionalInt proxyPort, Map<String, String> labels) {
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern ADDRESS =
      Pattern.compile("127\\." + BYTE + "\\." + BYTE + "\\." + BYTE);

  public LocalNodeConfig {
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("a local node's address is 127.x.y.z, not " + address);
    }
    labels = Map.copyOf(labels);
  }
}
