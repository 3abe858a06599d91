package io.llmaz.local.stack;

import io.llmaz.local.hub.Bandwidth;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a stack is made of.
 *
 * @param directory for everything it writes
 * @param keep where the control plane keeps its objects; empty for memory only
 * @param nodes how many at the start
 * @param p2p without it everything is as llmaz is: loaders go to the hub
 * @param sourceBandwidth of hub and registry together; unlimited when empty
 * @param modelDirectory of a model of the user's; empty for the built-in one
 * @param programs of this build
 * @param apiPort of 127.0.0.1 for the API server; 0 takes a free one, or the last run's
 */
public record LocalStackConfig(
    Path directory,
    Optional<Path> keep,
    int nodes,
    boolean p2p,
    Optional<Bandwidth> sourceBandwidth,
    Optional<Path> modelDirectory,
    Programs programs,
    int apiPort) {}
