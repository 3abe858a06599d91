package io.llmaz.nodesetup;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The environment.
 *
 * @param registries {@code LLMAZ_REGISTRIES}, by comma; default {@code *}: all
 * @param mirror {@code LLMAZ_MIRROR}: the proxy of the node's daemon; default {@code
 *     http://127.0.0.1:4001}
 * @param containerd {@code LLMAZ_CONTAINERD_DIRECTORY}: the node's folder with containerd's {@code
 *     config.toml}, at the same place as on the node; default {@code /etc/containerd}
 */
record NodeSetupConfig(List<Registry> registries, URI mirror, Path containerd) {
  NodeSetupConfig {
    registries = List.copyOf(registries);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException that names what is wrong
   */
  static NodeSetupConfig from(Map<String, String> environment) {
    return new NodeSetupConfig(
        Arrays.stream(environment.getOrDefault("LLMAZ_REGISTRIES", "*").split(","))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(Registry::parse)
            .toList(),
        URI.create(environment.getOrDefault("LLMAZ_MIRROR", "http://127.0.0.1:4001")),
        Path.of(environment.getOrDefault("LLMAZ_CONTAINERD_DIRECTORY", "/etc/containerd")));
  }
}
