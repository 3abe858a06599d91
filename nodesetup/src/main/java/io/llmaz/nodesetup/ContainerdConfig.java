package io.llmaz.nodesetup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where containerd looks for {@code hosts.toml}: {@code config_path} of its registry plugin, in
 * {@code config.toml} or in what that imports. It is read only: a change of it takes a restart of
 * containerd, which is the administrator's to decide.
 */
final class ContainerdConfig {
  private static final TomlMapper TOML = new TomlMapper();
  private static final String VERSION_2 = "io.containerd.grpc.v1.cri";
  private static final String VERSION_3 = "io.containerd.cri.v1.images";

  private ContainerdConfig() {}

  /**
   * The first folder of {@code config_path}.
   *
   * @param directory containerd's, with {@code config.toml}
   * @throws NodeSetupException when there is none, or it is not in that directory; the message says
   *     what to do
   */
  static Path hostsFolder(Path directory) throws IOException {
    Path file = directory.resolve("config.toml");
    if (!Files.exists(file)) {
      throw missing(file, VERSION_2);
    }
    JsonNode main = read(file);
    List<JsonNode> all = new ArrayList<>(List.of(main));
    for (JsonNode pattern : main.path("imports")) {
      for (Path imported : imported(directory, pattern.asText())) {
        all.add(read(imported));
      }
    }
    // An import overrides what is said before it.
    Optional<String> path =
        all.reversed().stream()
            .flatMap(config ->
                Stream.of(VERSION_3, VERSION_2)
                    .map(plugin ->
                        config
                            .path("plugins")
                            .path(plugin)
                            .path("registry")
                            .path("config_path")
                            .asText("")))
            .filter(text -> !text.isEmpty())
            .findFirst();
    if (path.isEmpty()) {
      throw missing(file, main.path("version").asInt() >= 3 ? VERSION_3 : VERSION_2);
    }
    Path folder = Path.of(path.get().split(":", 2)[0]).normalize();
    if (!folder.startsWith(directory)) {
      throw new NodeSetupException(
          "containerd looks for hosts.toml in %s, which is not in %s: set nodeSetup.containerdDirectory to a folder that holds both"
              .formatted(folder, directory));
    }
    return folder;
  }

  private static Set<Path> imported(Path directory, String pattern) throws IOException {
    Path path = directory.resolve(pattern);
    Set<Path> files = new TreeSet<>();
    Path folder = path.getParent();
    if (folder != null && Files.isDirectory(folder)) {
      try (DirectoryStream<Path> matching =
          Files.newDirectoryStream(folder, String.valueOf(path.getFileName()))) {
        matching.forEach(files::add);
      }
    }
    return files;
  }

  private static JsonNode read(Path file) throws IOException {
    try {
      return TOML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new NodeSetupException(file + " is not TOML: " + e.getOriginalMessage());
    }
  }

  private static NodeSetupException missing(Path file, String plugin) {
    return new NodeSetupException(
        """
        containerd does not look for hosts.toml on this node: there is no registry config_path in %s. Add
          [plugins."%s".registry]
            config_path = "%s"
        to it (and remove registry.mirrors, which excludes it), then restart containerd on this node; running containers go on. \
        Nothing was changed, and images are pulled from their registries meanwhile.\
        """
            .formatted(file, plugin, file.resolveSibling("certs.d")));
  }
}
