package io.llmaz.cli.demo;

import io.llmaz.local.hub.Bandwidth;
import io.llmaz.local.hub.BuiltInModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a demo goes.
 *
 * @param replicas of the first story, and nodes
 * @param sourceBandwidth of the source's link
 * @param modelDirectory of the user's model
 * @param killEngine whether the engine is killed in mid-download
 * @param corruptPeer whether the stores of all nodes are spoilt and the seed goes before the
 *     scale-out
 * @param home the project's folder
 */
record DemoOptions(
    int replicas,
    Bandwidth sourceBandwidth,
    Optional<Path> modelDirectory,
    boolean killEngine,
    boolean corruptPeer,
    Path home) {

  /**
   * About how much disk a run takes: the source's copy, the seed's, and on each node the daemon's
   * and the replica's; there are twice as many nodes in the end.
   */
  long neededBytes() throws IOException {
    return modelBytes() * (2 + 2L * 2 * replicas);
  }

  private long modelBytes() throws IOException {
    if (modelDirectory.isEmpty()) {
      return BuiltInModel.SIZE;
    }
    try (Stream<Path> files = Files.walk(modelDirectory.get())) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
