package io.llmaz.nodesetup;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A registry whose images come through the daemon.
 *
 * @param namespace what stands before an image's first slash, such as {@code ghcr.io}; {@code
 *     _default} for all that have no folder of their own
 * @param server the registry itself; empty for {@code _default}
 */
record Registry(String namespace, Optional<URI> server) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]+)?");

  /** The first line of a file of ours: by it we know it again. */
  static final String MARK = "# Written by llmaz; removed when llmaz leaves the node.";

  /**
   * Reads {@code *} (all registries), {@code ghcr.io}, {@code http://10.0.0.5:5000}, or {@code
   * docker.io=https://registry-1.docker.io}.
   *
   * @throws IllegalArgumentException that says what is wrong with the text
   */
  static Registry parse(String text) {
    if (text.equals("*")) {
      return new Registry("_default", Optional.empty());
    }
    int equals = text.indexOf('=');
    String server = equals < 0 ? text : text.substring(equals + 1);
    URI address = address(server.contains("://") ? server : "https://" + hostOf(server), text);
    String namespace =
        equals >= 0
            ? text.substring(0, equals)
            : server.contains("://") ? address.getAuthority() : server;
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException("registry " + text + ": not a host: " + namespace);
    }
    return new Registry(namespace, Optional.of(address));
  }

  /** Docker's registry has another name than its images say. */
  private static String hostOf(String namespace) {
    return namespace.equals("docker.io") ? "registry-1.docker.io" : namespace;
  }

  private static URI address(String server, String text) {
    try {
      URI address = new URI(server);
      boolean plain =
          address.getHost() != null
              && address.getUserInfo() == null
              && (address.getScheme().equals("https") || address.getScheme().equals("http"));
      if (plain) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below, with the whole text.
    }
    throw new IllegalArgumentException(
        "registry " + text + ": not *, HOST, http(s)://HOST[:PORT] or HOST=http(s)://HOST");
  }

  /**
   * The {@code hosts.toml} of this registry
   * (https://github.com/containerd/containerd/blob/main/docs/hosts.md). The policy header keeps
   * blobs in P2P that a node would otherwise read from the registry by itself. Without a server
   * containerd asks the image's own registry behind the mirror, and tells the mirror its name by
   * the query {@code ns}.
   *
   * @param mirror the daemon's proxy
   */
  String hostsFile(URI mirror) {
    StringBuilder text = new StringBuilder(MARK + "\n");
    server.ifPresent(address -> text.append("server = \"" + address + "\"\n"));
    text.append("\n[host.\"" + mirror + "\"]\n")
        .append("capabilities = [\"pull\", \"resolve\"]\n")
        .append("\n[host.\"" + mirror + "\".header]\n")
        .append("X-Dragonfly-Scheduling-Policy = \"always\"\n");
    server.ifPresent(address -> text.append("X-Dragonfly-Registry = \"" + address + "\"\n"));
    return text.toString();
  }
}
