package io.llmaz.source;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a model hub's repository.
 *
 * @param modelId {@code org/name} or {@code name}
 * @param revision branch, tag, commit or {@code refs/pr/N}
 * @param filename the only file wanted; null for all that the patterns want
 * @param allowPatterns see {@link FilePatterns}
 * @param ignorePatterns see {@link FilePatterns}
 */
public record HubReference(
    String modelId,
    String revision,
    @Nullable String filename,
    List<String> allowPatterns,
    List<String> ignorePatterns) {
  private static final Pattern MODEL_ID = Pattern.compile("[\\w.-]{1,96}(/[\\w.-]{1,96})?");

  /**
   * Checks what a user wrote.
   *
   * @throws SourceException a user error, when the id is malformed
   */
  public HubReference {
    if (!MODEL_ID.matcher(modelId).matches() || modelId.contains("..")) {
      throw new SourceException(
          SourceException.Kind.USER, "not a model id (org/name): \"" + modelId + "\"");
    }
    Objects.requireNonNull(revision, "revision is null");
    allowPatterns = List.copyOf(allowPatterns);
    ignorePatterns = List.copyOf(ignorePatterns);
  }

  boolean wants(FilePatterns patterns, String path) {
    return filename != null ? filename.equals(path) : patterns.wants(path);
  }

  FilePatterns patterns() {
    return new FilePatterns(allowPatterns, ignorePatterns);
  }
}
