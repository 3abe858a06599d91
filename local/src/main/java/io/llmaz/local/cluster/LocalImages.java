package io.llmaz.local.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Images whose program is on this machine already, so that nodes need not pull them.
 *
 * @param programs by reference ({@code llmaz/model-loader:v1}) or repository ({@code
 *     llmaz/model-loader}, any tag)
 * @param sharedClassPath entries behind the class path of every pulled image: large libraries that
 *     an image for this machine leaves out
 */
public record LocalImages(Map<String, ImageProgram> programs, List<Path> sharedClassPath) {

  public LocalImages {
    programs = Map.copyOf(programs);
    sharedClassPath = List.copyOf(sharedClassPath);
  }

  /** No programs. */
  public static LocalImages none() {
    return new LocalImages(Map.of(), List.of());
  }

  /** These and one more. */
  public LocalImages with(String reference, ImageProgram program) {
    Map<String, ImageProgram> more = new HashMap<>(programs);
    more.put(reference, program);
    return new LocalImages(more, sharedClassPath);
  }

  /** These with libraries for pulled images. */
  public LocalImages withSharedClassPath(List<Path> entries) {
    return new LocalImages(programs, entries);
  }

  /** The program of an image, when it is one of these. */
  Optional<ImageProgram> find(String reference) {
    ImageProgram exact = programs.get(reference);
    if (exact != null) {
      return Optional.of(exact);
    }
    String repository = reference.replaceFirst("@.*$", "").replaceFirst(":[^:/]*$", "");
    return Optional.ofNullable(programs.get(repository));
  }
}
