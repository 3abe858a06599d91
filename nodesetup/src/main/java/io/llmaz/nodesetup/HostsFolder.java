package io.llmaz.nodesetup;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folder with one {@code hosts.toml} per registry. containerd reads a file anew at each pull,
 * so every change is one rename, and a file that somebody else wrote is kept beside ours and comes
 * back when ours goes. What is as it should be is not written again.
 */
final class HostsFolder {
  private static final String FILE = "hosts.toml";
  private static final String SAVED = "hosts.toml.before-llmaz";

  private final Path folder;

  HostsFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Brings the files of these registries, and takes away ours of others.
   *
   * @return what was changed, a line each
   */
  List<String> apply(List<Registry> registries, URI mirror) throws IOException {
    List<String> changes =
        restoreAllBut(registries.stream().map(this::file).collect(Collectors.toUnmodifiableSet()));
    for (Registry registry : registries) {
      Path file = file(registry);
      String text = registry.hostsFile(mirror);
      if (Files.exists(file) && Files.readString(file).equals(text)) {
        continue;
      }
      Files.createDirectories(file.resolveSibling(""));
      boolean foreign = Files.exists(file) && !isOurs(file);
      if (foreign) {
        write(file.resolveSibling(SAVED), Files.readString(file));
      }
      write(file, text);
      changes.add(file + " written" + (foreign ? "; the one before is kept as " + SAVED : ""));
    }
    return changes;
  }

  /**
   * Leaves everything as it was before.
   *
   * @return what was changed, a line each
   */
  List<String> restore() throws IOException {
    return restoreAllBut(Set.of());
  }

  private List<String> restoreAllBut(Set<Path> wanted) throws IOException {
    List<String> changes = new ArrayList<>();
    for (Path file : ours()) {
      if (!wanted.contains(file)) {
        changes.add(restore(file));
      }
    }
    return changes;
  }

  private Path file(Registry registry) {
    return folder.resolve(registry.namespace()).resolve(FILE);
  }

  private List<Path> ours() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> namespaces = Files.newDirectoryStream(folder)) {
        for (Path namespace : namespaces) {
          Path file = namespace.resolve(FILE);
          if (Files.isRegularFile(file) && isOurs(file)) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  private static String restore(Path file) throws IOException {
    Path saved = file.resolveSibling(SAVED);
    if (Files.exists(saved)) {
      Files.move(saved, file, StandardCopyOption.ATOMIC_MOVE);
      return file + " is again what it was";
    }
    Files.delete(file);
    try {
      Files.delete(file.resolveSibling(""));
    } catch (DirectoryNotEmptyException e) {
      // Certificates of the registry are kept there too.
    }
    return file + " removed";
  }

  private static boolean isOurs(Path file) throws IOException {
    return Files.readString(file).startsWith(Registry.MARK);
  }

  private static void write(Path file, String text) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
