package io.llmaz.cli.demo;

import io.llmaz.local.hub.Bandwidth;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a demo goes.
 *
 * @param replicas of the first story, and nodes
 * @param sourceBandwidth of the source's link
 * @param modelDirectory of the user's model
 * @param killEngine whether the engine is killed in mid-download
 * @param corruptPeer whether a node's store is spoilt before the scale-out
 * @param home the project's folder
 */
record DemoOptions(
    int replicas,
    Bandwidth sourceBandwidth,
    Optional<Path> modelDirectory,
    boolean killEngine,
    boolean corruptPeer,
    Path home) {}
