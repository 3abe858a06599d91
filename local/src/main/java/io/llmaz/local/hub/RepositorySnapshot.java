package io.llmaz.local.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A model repository as it was when it was read.
 *
 * @param repository which one
 * @param commit 40 hex digits that stand for exactly these files
 * @param files by path
 */
record RepositorySnapshot(
    ModelRepository repository, String commit, SortedMap<String, RepositoryFile> files) {

  /**
   * Reads all files of the folder; names that begin with a dot (caches, {@code .git}) are left out.
   *
   * @throws IllegalArgumentException when there is no file in it
   */
  static RepositorySnapshot read(ModelRepository repository) throws IOException {
    Path root = repository.directory();
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      paths = walk.filter(Files::isRegularFile).filter(path -> isShown(root, path)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("no files to offer in " + root);
    }
    SortedMap<String, RepositoryFile> files = new TreeMap<>();
    MessageDigest commit = digest("SHA-1");
    List<RepositoryFile> read = paths.parallelStream().map(path -> file(root, path)).toList();
    read.forEach(file -> files.put(file.path(), file));
    for (Map.Entry<String, RepositoryFile> file : files.entrySet()) {
      commit.update(
          (file.getValue().gitOid() + " " + file.getKey() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return new RepositorySnapshot(repository, HexFormat.of().formatHex(commit.digest()), files);
  }

  private static boolean isShown(Path root, Path path) {
    for (Path name : root.relativize(path)) {
      if (name.toString().startsWith(".")) {
        return false;
      }
    }
    return true;
  }

  private static RepositoryFile file(Path root, Path file) {
    String path =
        root.relativize(file).toString().replace(root.getFileSystem().getSeparator(), "/");
    try {
      long size = Files.size(file);
      MessageDigest sha256 = digest("SHA-256");
      MessageDigest git = gitBlob(size);
      try (InputStream in = Files.newInputStream(file)) {
        byte[] buffer = new byte[1 << 18];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          sha256.update(buffer, 0, read);
          git.update(buffer, 0, read);
        }
      }
      String sha256Hex = HexFormat.of().formatHex(sha256.digest());
      if (RepositoryFile.isLfs(path, size)) {
        byte[] pointer = RepositoryFile.pointer(sha256Hex, size).getBytes(StandardCharsets.UTF_8);
        git = gitBlob(pointer.length);
        git.update(pointer);
      }
      return new RepositoryFile(
          path, new Content(file, size, sha256Hex), HexFormat.of().formatHex(git.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest gitBlob(long size) {
    MessageDigest git = digest("SHA-1");
    git.update(("blob " + size + "\0").getBytes(StandardCharsets.UTF_8));
    return git;
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
