package io.llmaz.gateway;

import io.llmaz.api.p2p.P2PTaskSpec;
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
 */
record GatewayTask(
    String name,
    Optional<String> model,
    P2PTaskSpec spec,
    Manifest manifest,
    Map<String, ManifestFile> files) {

  GatewayTask(String name, Optional<String> model, P2PTaskSpec spec, Manifest manifest) {
    this(
        name,
        model,
        spec,
        manifest,
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
}
