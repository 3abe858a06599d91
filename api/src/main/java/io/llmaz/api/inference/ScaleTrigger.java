package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** What makes a Playground scale. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScaleTrigger(@Nullable HpaTrigger hpa) {}
