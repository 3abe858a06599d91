package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of a model.
 *
 * @param familyName copied to a label; required by the schema
 * @param source where its files are; required by the schema
 * @param inferenceConfig on which hardware it runs
 * @param ownedBy who made it, for OpenAI's model list
 * @param createdAt RFC 3339; filled by the controller
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenModelSpec(
    @Nullable String familyName,
    @Nullable ModelSource source,
    @Nullable InferenceConfig inferenceConfig,
    @Nullable String ownedBy,
    @Nullable String createdAt) {}
