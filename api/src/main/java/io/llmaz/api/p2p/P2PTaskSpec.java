package io.llmaz.api.p2p;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to bring. All but the time to live is immutable.
 *
 * @param model a model's files; exclusive with {@code image}
 * @param image an image's blobs
 * @param scope how far; {@code SeedPeers} when unset
 * @param nodeSelector with {@code AllNodes}, which nodes
 * @param fallback whether loaders may download directly when P2P cannot; {@code Allowed} when unset
 * @param deadlineSeconds until it falls back
 * @param ttlSecondsAfterFinished how long an unused image task is kept
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record P2PTaskSpec(
    @Nullable ModelTask model,
    @Nullable ImageTask image,
    @Nullable Scope scope,
    Map<String, String> nodeSelector,
    @Nullable Fallback fallback,
    @Nullable Long deadlineSeconds,
    @Nullable Long ttlSecondsAfterFinished) {
  /** How far the bytes are brought. */
  public enum Scope {
    SeedPeers,
    AllNodes
  }

  /** What happens when P2P cannot do it. */
  public enum Fallback {
    Allowed,
    Forbidden
  }

  public P2PTaskSpec(
      @Nullable ModelTask model,
      @Nullable ImageTask image,
      @Nullable Scope scope,
      @Nullable Map<String, String> nodeSelector,
      @Nullable Fallback fallback,
      @Nullable Long deadlineSeconds,
      @Nullable Long ttlSecondsAfterFinished) {
    this.model = model;
    this.image = image;
    this.scope = scope;
    this.nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    this.fallback = fallback;
    this.deadlineSeconds = deadlineSeconds;
    this.ttlSecondsAfterFinished = ttlSecondsAfterFinished;
  }
}
