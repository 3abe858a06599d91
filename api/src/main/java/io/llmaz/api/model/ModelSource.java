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
public record ModelSource(@Nullable ModelHub modelHub, @Nullable String uri) {
  /**
   * Whether the gateway can read its files, so that peers can have them: those of both hubs and of
   * object stores. Host paths are there already, and ollama fetches by itself.
   */
  public boolean distributable() {
    return modelHub != null
        || (uri != null && ModelUri.split(uri).filter(ModelUri::inObjectStore).isPresent());
  }
}
