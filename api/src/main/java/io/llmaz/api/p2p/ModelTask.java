package io.llmaz.api.p2p;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.llmaz.api.model.ModelSource;

/** A model's files. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelTask(ModelSource source) {}
