package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** How changes are rolled out; the only type is {@code RollingUpdate}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutStrategy(
    @Nullable String type, @Nullable RollingUpdate rollingUpdateConfiguration) {}
