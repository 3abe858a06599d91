package io.llmaz.source;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a source resolves to: the exact files of one revision. From here on nobody uses the branch
 * or tag name.
 *
 * @param source which source, for people: {@code hf://org/name}, {@code docker.io/org/image}
 * @param revision what it was pinned to: a commit, an image's digest
 * @param files sorted by path, no two with one path
 */
public record Manifest(String source, String revision, List<ManifestFile> files) {

  public Manifest {
    Objects.requireNonNull(source, "source is null");
    Objects.requireNonNull(revision, "revision is null");
    files = files.stream().sorted(Comparator.comparing(ManifestFile::path)).toList();
    Set<String> seen = new HashSet<>();
    for (ManifestFile file : files) {
      if (!seen.add(file.path())) {
        throw new IllegalArgumentException("two files at one path: " + file.path());
      }
    }
  }

  /** The sum of all sizes, in bytes. */
  @JsonIgnore
  public long totalSize() {
    return files.stream().mapToLong(ManifestFile::size).sum();
  }
}
