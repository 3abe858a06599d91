package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.jspecify.annotations.Nullable;

/**
 * LeaderWorkerSet's template of a group.
 *
 * @param leaderTemplate null for a group of equal pods
 * @param workerTemplate required by the schema
 * @param size pods of a group; 1 when unset
 * @param restartPolicy {@code Default}, {@code RecreateGroupOnPodRestart} or {@code None}
 * @param subGroupPolicy how a group is divided
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkloadTemplate(
    @Nullable PodTemplateSpec leaderTemplate,
    @Nullable PodTemplateSpec workerTemplate,
    @Nullable Integer size,
    @Nullable String restartPolicy,
    @Nullable SubGroupPolicy subGroupPolicy) {}
