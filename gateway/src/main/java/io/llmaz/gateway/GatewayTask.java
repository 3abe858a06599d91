package io.llmaz.gateway;

import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the gateway knows of a P2PTask.
 *
 * @param name of the task
 * @param model the OpenModel it belongs to; empty for an image
 * @param spec what its source is
 * @param manifest what it resolved to
 * @param holdings which seeds had which files when they were distributed
 */
record GatewayTask(
    String name,
    Optional<String> model,
    P2PTaskSpec spec,
    Manifest manifest,
    SeedHoldings holdings,
    Map<String, ManifestFile> files) {

  GatewayTask(
      String name,
      Optional<String> model,
      P2PTaskSpec spec,
      Manifest manifest,
      SeedHoldings holdings) {
    this(
        name,
        model,
        spec,
        manifest,
        holdings,
        manifest.files().stream()
            .collect(Collectors.toUnmodifiableMap(ManifestFile::path, Function.identity())));
  }

  ManifestFile file(String path) {
    ManifestFile file = files.get(path);
    if (file == null) {
      throw GatewayException.notFound("file " + path + " of task " + name);
    }
    return file;
  }

  /** The seed that got a file, as {@code host:port}; empty when nobody knows of one. */
  Optional<String> seedOf(ManifestFile file) {
    return Optional.ofNullable(holdings.seedByPath().get(file.path()));
  }
}
