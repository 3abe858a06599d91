package io.llmaz.loader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.ManifestJson;
import io.llmaz.source.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where a model's files are published. Beside them, in {@code .llmaz}, are partial files and the
 * completion marker, which is written last and names every file that this loader put here; so
 * leftovers of another revision are known, and nothing else is ever removed.
 */
final class ModelDirectory {
  private static final String OWN = ".llmaz";
  private static final int READ_BUFFER = 256 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final Path own;

  /**
   * What is whole.
   *
   * @param manifest its identity
   * @param files that were put here, by their paths
   */
  record Marker(String manifest, String revision, List<String> files) {
    Marker {
      files = List.copyOf(files);
    }

    static Marker read(JsonNode json) {
      return new Marker(
          json.path("manifest").asText(),
          json.path("revision").asText(),
          json.path("files").valueStream().map(JsonNode::asText).toList());
    }

    // By hand, for the reason that ManifestJson gives.
    JsonNode json() {
      ObjectNode json = JSON.createObjectNode().put("manifest", manifest).put("revision", revision);
      ArrayNode names = json.putArray("files");
      files.forEach(names::add);
      return json;
    }
  }

  /**
   * The directory of a model.
   *
   * @param root where the files go
   * @param model distinguishes models that share a root
   */
  ModelDirectory(Path root, String model) {
    this.root = root;
    this.own = root.resolve(OWN).resolve(model.replace('/', '-'));
  }

  /**
   * Keeps other loaders of this model away; makes our own folder, which must not be a link
   * elsewhere.
   */
  DirectoryLock lock(Runnable onWait) throws IOException, InterruptedException {
    refuseLinks(own);
    Files.createDirectories(own);
    return DirectoryLock.acquire(own.resolve("lock"), onWait);
  }

  Path partialFiles() {
    return own.resolve("partial");
  }

  /** Refuses a file that would overwrite our own notes. */
  static void refuseOwnNames(Manifest manifest) {
    for (ManifestFile file : manifest.files()) {
      if (file.path().equals(OWN) || file.path().startsWith(OWN + "/")) {
        throw new LoaderException(
            LoaderException.Exit.REFUSED,
            manifest.source() + " holds a file in the loader's own folder: " + file.path());
      }
    }
  }

  Path place(ManifestFile file) {
    try {
      return SafePath.resolve(root, file.path());
    } catch (InvalidPathException e) {
      throw new LoaderException(
          LoaderException.Exit.USAGE,
          "the locale of this process cannot write the name %s (%s); set LC_ALL=C.UTF-8"
              .formatted(file.path(), e.getReason()),
          e);
    }
  }

  /** Whether a file is published, by size; its content was checked before it got its name. */
  boolean holds(ManifestFile file) throws IOException {
    Path place = place(file);
    return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
        && Files.size(place) == file.size();
  }

  /**
   * Whether exactly this file is published already, by reading it: an interrupted run leaves files
   * without a marker that could vouch for them, and another revision's may have the same size. A
   * file without digest cannot be told from another.
   */
  boolean holdsContent(ManifestFile file) throws IOException {
    if (file.digest() == null || !holds(file)) {
      return false;
    }
    refuseLinks(Objects.requireNonNull(place(file).getParent()));
    return matches(place(file), file);
  }

  /** Whether a path holds exactly these bytes, by one read; false without a digest to tell. */
  static boolean matches(Path path, ManifestFile file) throws IOException {
    Digest digest = file.digest();
    if (digest == null) {
      return false;
    }
    ContentHasher hasher = ContentHasher.of(digest.algorithm(), file.size());
    byte[] buffer = new byte[Math.clamp(file.size(), 1, READ_BUFFER)];
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        hasher.update(buffer, 0, count);
      }
    }
    return hasher.digest().equals(digest);
  }

  /**
   * Where the daemon may link a file, with nothing there. Never the place of a {@link PartialFile},
   * which is written to.
   */
  Path linkPlace(ManifestFile file) throws IOException {
    Files.createDirectories(partialFiles());
    Path place = partialFiles().resolve(PartialFile.name(file) + ".linked");
    Files.deleteIfExists(place);
    return place;
  }

  /** Gives a linked file, whose bytes were checked, its name. */
  void publishLinked(Path linked, ManifestFile file) throws IOException {
    sync(linked);
    publish(linked, file);
  }

  boolean isComplete(Manifest manifest) throws IOException {
    Optional<Marker> marker = marker();
    if (marker.isEmpty()
        || !marker.get().manifest().equals(ManifestJson.identity(manifest).toString())) {
      return false;
    }
    for (ManifestFile file : manifest.files()) {
      if (!holds(file)) {
        return false;
      }
    }
    return true;
  }

  /** Drops the promise of completeness, before anything is changed. */
  Optional<Marker> beginChange() throws IOException {
    Optional<Marker> before = marker();
    Files.deleteIfExists(own.resolve("complete.json.before"));
    if (before.isPresent()) {
      Files.move(
          own.resolve("complete.json"),
          own.resolve("complete.json.before"),
          StandardCopyOption.ATOMIC_MOVE);
    }
    return before;
  }

  /**
   * Gives a whole and checked file its name.
   *
   * @throws IOException when a link stands in the way
   */
  void publish(PartialFile partial, ManifestFile file) throws IOException {
    publish(partial.force(), file);
  }

  private void publish(Path whole, ManifestFile file) throws IOException {
    Path place = place(file);
    Path parent = Objects.requireNonNull(place.getParent());
    refuseLinks(parent);
    Files.createDirectories(parent);
    Files.move(whole, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(parent);
  }

  /** Writes the marker and removes what an earlier revision left. */
  void complete(Manifest manifest, Optional<Marker> before) throws IOException {
    Set<String> kept = new HashSet<>();
    manifest.files().forEach(file -> kept.add(file.path()));
    for (String old : before.map(Marker::files).orElse(List.of())) {
      if (!kept.contains(old)) {
        Files.deleteIfExists(SafePath.resolve(root, old));
      }
    }
    deleteTree(partialFiles());
    Path beside = own.resolve("complete.json.new");
    Files.createDirectories(own);
    Files.write(
        beside,
        JSON.writeValueAsBytes(
            new Marker(
                    ManifestJson.identity(manifest).toString(),
                    manifest.revision(),
                    manifest.files().stream().map(ManifestFile::path).toList())
                .json()));
    Files.move(
        beside,
        own.resolve("complete.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(own.resolve("complete.json.before"));
  }

  /** Bytes that may still be written; makes our own folder, which must not be a link elsewhere. */
  long usableSpace() throws IOException {
    refuseLinks(own);
    Files.createDirectories(own);
    return Files.getFileStore(own).getUsableSpace();
  }

  private Optional<Marker> marker() throws IOException {
    for (String name : new String[] {"complete.json", "complete.json.before"}) {
      Path file = own.resolve(name);
      if (Files.exists(file)) {
        return Optional.of(Marker.read(JSON.readTree(file.toFile())));
      }
    }
    return Optional.empty();
  }

  private void refuseLinks(Path directory) throws IOException {
    Path at = root;
    for (Path name : root.relativize(directory)) {
      at = at.resolve(name);
      if (Files.isSymbolicLink(at)) {
        throw new IOException("a symbolic link stands where a directory should be: " + at);
      }
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
