package io.llmaz.local.hub;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The model repositories of a hub, each with all that was pushed to it: {@code main} is the last,
 * an earlier one stays to be had by its commit. Safe for any number of threads.
 */
final class Repositories {
  private final Map<String, List<RepositorySnapshot>> histories = new ConcurrentHashMap<>();
  private final Map<String, Content> contents = new ConcurrentHashMap<>();

  /** Makes it the repository's {@code main}. */
  void push(RepositorySnapshot snapshot) {
    snapshot.files().values().forEach(f -> contents.put(f.content().sha256(), f.content()));
    histories.merge(
        snapshot.repository().id(),
        List.of(snapshot),
        (before, last) -> Stream.concat(before.stream(), last.stream()).toList());
  }

  /** What {@code main} of a repository is, if there is such a repository. */
  Optional<RepositorySnapshot> main(String id) {
    return Optional.ofNullable(histories.get(id)).map(List::getLast);
  }

  /** A repository as of {@code main} or of a commit. */
  Optional<RepositorySnapshot> at(String id, String revision) {
    if (revision.equals("main")) {
      return main(id);
    }
    return histories.getOrDefault(id, List.of()).stream()
        .filter(snapshot -> snapshot.commit().equals(revision))
        .findFirst();
  }

  /** A file's content by its digest, of whichever repository and commit. */
  Optional<Content> content(String sha256) {
    return Optional.ofNullable(contents.get(sha256));
  }
}
