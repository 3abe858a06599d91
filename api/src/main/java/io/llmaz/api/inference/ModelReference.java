package io.llmaz.api.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A model in a role.
 *
 * @param name of an OpenModel
 * @param role {@code main} or {@code draft}; null means main
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelReference(@Nullable String name, @Nullable String role) {
  /** The model that answers. */
  public static final String MAIN = "main";

  /** The small model that guesses ahead in speculative decoding. */
  public static final String DRAFT = "draft";
}
