package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's files are. The hub wins if both are set.
 *
 * @param modelHub a repository of a model hub
 * @param uri {@code protocol://address}; see {@link ModelUri}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSource(@Nullable ModelHub modelHub, @Nullable String uri) {}
