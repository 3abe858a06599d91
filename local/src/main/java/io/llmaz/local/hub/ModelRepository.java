package io.llmaz.local.hub;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model that the demo hub offers.
 *
 * @param id {@code org/name}
 * @param directory its files; they are read once and must then stay as they are
 * @param token when there, the repository is gated and its files want this token
 */
public record ModelRepository(String id, Path directory, Optional<String> token) {
  private static final Pattern ID = Pattern.compile("[\\w.-]+/[\\w.-]+");

  public ModelRepository {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("a model's id is org/name, not: " + id);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return id + (token.isPresent() ? " (gated)" : "") + " in " + directory;
  }
}
