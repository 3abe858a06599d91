package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants served.
 *
 * @param replicas how many; 1 when unset
 * @param modelClaim one model; exclusive with {@code modelClaims}
 * @param modelClaims several models
 * @param backendRuntimeConfig what differs from the backend
 * @param elasticConfig how far it scales; null for not at all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlaygroundSpec(
    @Nullable Integer replicas,
    @Nullable ModelClaim modelClaim,
    @Nullable ModelClaims modelClaims,
    @Nullable BackendRuntimeConfig backendRuntimeConfig,
    @Nullable ElasticConfig elasticConfig) {}
