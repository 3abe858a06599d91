package io.llmaz.local.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A container image that the demo registry makes of files of this machine.
 *
 * @param repository for example {@code llmaz/embeddings}
 * @param tag for example {@code v1}
 * @param entrypoint what it runs
 * @param layers from the lowest up; each says which file of this machine, or which folder with all
 *     below it, lies at which absolute path of the image
 */
public record DemoImage(
    String repository, String tag, List<String> entrypoint, List<Map<String, Path>> layers) {

  public DemoImage {
    if (!repository.matches("[a-z0-9]+([._/-][a-z0-9]+)*")) {
      throw new IllegalArgumentException("not a repository's name: " + repository);
    }
    if (!tag.matches("\\w[\\w.-]{0,127}")) {
      throw new IllegalArgumentException("not a tag: " + tag);
    }
    entrypoint = List.copyOf(entrypoint);
    layers = layers.stream().map(Map::copyOf).toList();
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("an image has a layer: " + repository + ":" + tag);
    }
    for (Map<String, Path> layer : layers) {
      for (String path : layer.keySet()) {
        if (!path.startsWith("/")) {
          throw new IllegalArgumentException("a path in an image is absolute: " + path);
        }
      }
    }
  }
}
