package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** How many groups may be missing or extra while a change is rolled out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollingUpdate(@Nullable IntOrString maxUnavailable, @Nullable IntOrString maxSurge) {}
