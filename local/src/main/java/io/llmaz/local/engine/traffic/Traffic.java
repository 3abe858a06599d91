package io.llmaz.local.engine.traffic;

/**
 * What a node moved since it started.
 *
 * @param bytesFromSource content bytes read from sources, without probes
 * @param bytesFromPeers content bytes of pieces that came from other nodes and passed their check
 * @param bytesServed content bytes sent to other nodes
 * @param corruptedPieces pieces whose bytes did not match their checksum, on disk or on arrival
 * @param refetchedPieces pieces stored again after they had been dropped from the store
 */
public record Traffic(
    long bytesFromSource,
    long bytesFromPeers,
    long bytesServed,
    long corruptedPieces,
    long refetchedPieces) {}
