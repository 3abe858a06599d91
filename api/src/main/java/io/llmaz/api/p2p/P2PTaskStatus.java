package io.llmaz.api.p2p;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a task is. Times are RFC 3339.
 *
 * @param observedGeneration of the spec that this describes
 * @param conditions {@code Resolved}, {@code Distributed}, {@code Accelerated}, {@code Ready}
 * @param kind {@code model} or {@code image}
 * @param source for people
 * @param revision commit or image digest
 * @param shortRevision its first seven digits
 * @param size all bytes, for people
 * @param startTime of the distribution
 * @param completionTime of the distribution
 * @param files counted
 * @param bytes counted
 * @param progress for example {@code 43%}
 * @param rate for example {@code 812Mi/s}
 * @param estimatedCompletionTime while distributing
 * @param origin what the source was asked for
 * @param nodes with {@code AllNodes}
 * @param manifest the ConfigMap with the exact files
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record P2PTaskStatus(
    @Nullable Long observedGeneration,
    List<Condition> conditions,
    @Nullable String kind,
    @Nullable String source,
    @Nullable String revision,
    @Nullable String shortRevision,
    @Nullable String size,
    @Nullable String startTime,
    @Nullable String completionTime,
    @Nullable FileCount files,
    @Nullable ByteCount bytes,
    @Nullable String progress,
    @Nullable String rate,
    @Nullable String estimatedCompletionTime,
    @Nullable Origin origin,
    @Nullable NodeCount nodes,
    @Nullable ManifestReference manifest) {
  /** Files of the task; {@code unverified} are those of which the source proves nothing. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FileCount(long total, long distributed, @Nullable Long unverified) {}

  /** Bytes of the task. */
  public record ByteCount(long total, long distributed) {}

  /** Bytes read from the source, and how often that is the task's size ({@code 1.00}). */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Origin(long bytes, @Nullable String amplification) {}

  /** Nodes that are to have everything, and those that do. */
  public record NodeCount(long total, long complete) {}

  /** A ConfigMap in the operator's namespace. */
  public record ManifestReference(String name) {}

  /** A status without anything. */
  public static P2PTaskStatus empty() {
    return new P2PTaskStatus(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null);
  }

  /** The same with another {@link #nodes}. */
  public P2PTaskStatus withNodes(@Nullable NodeCount count) {
    return new P2PTaskStatus(
        observedGeneration,
        conditions,
        kind,
        source,
        revision,
        shortRevision,
        size,
        startTime,
        completionTime,
        files,
        bytes,
        progress,
        rate,
        estimatedCompletionTime,
        origin,
        count,
        manifest);
  }

  public P2PTaskStatus(
      @Nullable Long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable String kind,
      @Nullable String source,
      @Nullable String revision,
      @Nullable String shortRevision,
      @Nullable String size,
      @Nullable String startTime,
      @Nullable String completionTime,
      @Nullable FileCount files,
      @Nullable ByteCount bytes,
      @Nullable String progress,
      @Nullable String rate,
      @Nullable String estimatedCompletionTime,
      @Nullable Origin origin,
      @Nullable NodeCount nodes,
      @Nullable ManifestReference manifest) {
    this.observedGeneration = observedGeneration;
    this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
    this.kind = kind;
    this.source = source;
    this.revision = revision;
    this.shortRevision = shortRevision;
    this.size = size;
    this.startTime = startTime;
    this.completionTime = completionTime;
    this.files = files;
    this.bytes = bytes;
    this.progress = progress;
    this.rate = rate;
    this.estimatedCompletionTime = estimatedCompletionTime;
    this.origin = origin;
    this.nodes = nodes;
    this.manifest = manifest;
  }
}
