package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A repository of a model hub.
 *
 * @param name {@code Huggingface} or {@code ModelScope}
 * @param modelId {@code org/name}
 * @param filename one file only; Hugging Face only
 * @param revision branch, tag or commit
 * @param allowPatterns fnmatch patterns of files to take; empty means all
 * @param ignorePatterns fnmatch patterns of files to leave
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelHub(
    @Nullable String name,
    @JsonProperty("modelID") @Nullable String modelId,
    @Nullable String filename,
    @Nullable String revision,
    List<String> allowPatterns,
    List<String> ignorePatterns) {
  /** The hub when none is named. */
  public static final String HUGGING_FACE = "Huggingface";

  /** The other hub. */
  public static final String MODEL_SCOPE = "ModelScope";

  public ModelHub(
      @Nullable String name,
      @JsonProperty("modelID") @Nullable String modelId,
      @Nullable String filename,
      @Nullable String revision,
      @Nullable List<String> allowPatterns,
      @Nullable List<String> ignorePatterns) {
    this.name = name;
    this.modelId = modelId;
    this.filename = filename;
    this.revision = revision;
    this.allowPatterns = allowPatterns == null ? List.of() : List.copyOf(allowPatterns);
    this.ignorePatterns = ignorePatterns == null ? List.of() : List.copyOf(ignorePatterns);
  }
}
