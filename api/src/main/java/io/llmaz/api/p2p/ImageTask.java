package io.llmaz.api.p2p;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image's blobs.
 *
 * @param reference as in a pod
 * @param platforms {@code os/architecture}; empty means {@code linux/amd64}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ImageTask(String reference, List<String> platforms) {

  public ImageTask(String reference, @Nullable List<String> platforms) {
    this.reference = reference;
    this.platforms = platforms == null ? List.of() : List.copyOf(platforms);
  }
}
