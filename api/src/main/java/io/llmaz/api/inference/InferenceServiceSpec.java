package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A workload and its models.
 *
 * @param modelClaims may be missing in what the schema admits
 * @param replicas how many groups; 1 when unset
 * @param workloadTemplate leader and worker pods
 * @param rolloutStrategy how changes are rolled out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InferenceServiceSpec(
    @Nullable ModelClaims modelClaims,
    @Nullable Integer replicas,
    @Nullable WorkloadTemplate workloadTemplate,
    @Nullable RolloutStrategy rolloutStrategy) {}
