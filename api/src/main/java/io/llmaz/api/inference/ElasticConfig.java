package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far a Playground scales.
 *
 * @param minReplicas at least so many; 1 when unset
 * @param maxReplicas at most so many; required by the schema
 * @param scaleTrigger what makes it scale; null takes the backend's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ElasticConfig(
    @Nullable Integer minReplicas,
    @Nullable Integer maxReplicas,
    @Nullable ScaleTrigger scaleTrigger) {}
