package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How a group is divided: {@code LeaderWorker} or {@code LeaderExcluded}, and how many pods each
 * part has.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubGroupPolicy(@Nullable String subGroupPolicyType, @Nullable Integer subGroupSize) {}
