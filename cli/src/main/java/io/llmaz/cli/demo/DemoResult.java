package io.llmaz.cli.demo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the demo measured; the JSON of {@code -o json}.
 *
 * @param replicas wanted in the first story
 * @param ready of them, that answered
 * @param seconds from {@code apply} until every replica answered
 * @param nodes by name, seed first
 * @param source what left the demo hub, model and image together, in the runs with P2P
 * @param verified files whose digest was checked before they were published
 * @param scaleOut the second story; null where the options leave it out
 * @param withoutP2P the same as the first story, from scratch, without P2P; null where left out
 * @param speedup seconds without P2P divided by seconds with it; null where there is no baseline
 * @param claims every promise with its verdict
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DemoResult(
    int replicas,
    int ready,
    double seconds,
    List<NodeBytes> nodes,
    SourceBytes source,
    int verified,
    @Nullable ScaleOut scaleOut,
    @Nullable WithoutP2P withoutP2P,
    @Nullable Double speedup,
    List<Claim> claims) {

  /** Bytes that arrived at a node, by where they came from. */
  record NodeBytes(String name, long bytesFromSource, long bytesFromPeers) {}

  /**
   * What the source gave.
   *
   * @param bytes content bytes that left it
   * @param uniqueBytes the sum of the distinct contents that were asked for
   * @param requests all requests it answered
   * @param amplification bytes divided by unique bytes
   */
  record SourceBytes(long bytes, long uniqueBytes, long requests, double amplification) {}

  /** Replicas added on fresh nodes, and what that cost the source. */
  record ScaleOut(int replicas, double seconds, long sourceBytes) {}

  /** The first story without P2P. */
  record WithoutP2P(double seconds, long sourceBytes) {}

  DemoResult {
    nodes = List.copyOf(nodes);
    claims = List.copyOf(claims);
  }

  /** The promises that were not kept. */
  @JsonIgnore
  List<Claim> broken() {
    return claims.stream().filter(claim -> !claim.holds()).toList();
  }
}
