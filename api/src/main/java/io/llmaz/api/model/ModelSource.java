package io.llmaz.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's files are. The hub wins if both are set.
 *
 * @param modelHub a repository of a model hub
 * @param uri {@code protocol://address}; see {@link ModelUri}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSource(@Nullable ModelHub modelHub, @Nullable String uri) {
  private static final Set<String> STORES = Set.of(ModelUri.OSS, ModelUri.S3, ModelUri.GCS);

  /**
   * Whether the gateway can read its files, so that peers can have them: those of both hubs and of
   * object stores. Host paths are there already, and ollama fetches by itself.
   */
  public boolean distributable() {
    if (modelHub != null) {
      return true;
    }
    String[] parts = uri == null ? new String[0] : uri.split("://", -1);
    return parts.length == 2 && STORES.contains(parts[0].toUpperCase(Locale.ROOT));
  }
}
