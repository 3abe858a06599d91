package io.llmaz.local.cluster;

import io.llmaz.source.SafePath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Lays one image layer over the ones below it (OCI image specification 1.1, layers): files,
 * folders, hard links within the image, and whiteouts. Names come from a network: they are checked,
 * and nothing is written through a symbolic link.
 */
final class LayerUnpacking {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private LayerUnpacking() {}

  static void unpack(Path layer, String mediaType, Path root) throws IOException {
    if (mediaType.endsWith("zstd")) {
      throw new IOException("layers compressed with zstd are not read here");
    }
    InputStream file = new BufferedInputStream(Files.newInputStream(layer), 1 << 18);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            mediaType.endsWith("gzip") ? new GZIPInputStream(file, 1 << 16) : file, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, root);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
      throws IOException {
    String name = entry.getName().replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    if (name.isEmpty() || name.equals(".")) {
      return;
    }
    Path target = SafePath.resolve(root, name);
    Path parent = parent(root, target);
    String last = String.valueOf(target.getFileName());
    if (last.equals(OPAQUE)) {
      Folders.delete(parent);
      Files.createDirectories(parent);
    } else if (last.startsWith(WHITEOUT)) {
      String hidden = last.substring(WHITEOUT.length());
      SafePath.check(hidden);
      Folders.delete(parent.resolve(hidden));
    } else if (entry.isDirectory()) {
      if (Files.isSymbolicLink(target)) {
        Files.delete(target);
      }
      Files.createDirectories(target);
    } else if (entry.isLink()) {
      Path source = SafePath.resolve(root, entry.getLinkName().replaceFirst("^(\\./|/)+", ""));
      parent(root, source);
      if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
        Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } else if (entry.isSymbolicLink()) {
      link(root, target, entry.getLinkName());
    } else if (entry.isFile()) {
      Files.deleteIfExists(target);
      Files.copy(tar, target);
    }
    // Devices and pipes are of no use to a process without an image of its own.
  }

  /** Keeps a link whose target is within the image; others would lead into this machine. */
  private static void link(Path root, Path target, String to) throws IOException {
    Path parent = parent(root, target);
    Path leadsTo =
        (to.startsWith("/") ? root.resolve(to.substring(1)) : parent.resolve(to)).normalize();
    Files.deleteIfExists(target);
    if (leadsTo.startsWith(root)) {
      Files.createSymbolicLink(target, parent.relativize(leadsTo));
    }
  }

  private static Path parent(Path root, Path target) throws IOException {
    Path parent = target.getParent();
    if (parent == null || !parent.startsWith(root)) {
      throw new IOException("outside the image: " + target);
    }
    for (Path at = parent; at != null && !at.equals(root); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        throw new IOException("a layer writes through a link: " + root.relativize(target));
      }
    }
    Files.createDirectories(parent);
    return parent;
  }
}
