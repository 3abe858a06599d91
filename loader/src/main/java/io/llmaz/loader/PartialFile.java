package io.llmaz.loader;

import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that is not whole yet. Its name is the hash of its content key, so what is there after a
 * kill belongs to the same bytes or is not found; what is there is hashed again, once, because only
 * bytes that were hashed are ever published. For one thread; hashing may have another.
 */
final class PartialFile implements AutoCloseable {
  /**
   * From here on a file comes for so long that another writer may fill the disk meanwhile; the
   * first call of the system costs a tenth of a second of processor time.
   */
  static final long PREALLOCATED = 512L << 20;

  private final Path path;
  private final ManifestFile file;
  private final FileChannel channel;
  private final boolean hashesAside;
  private HashPipe hash;
  private long length;

  private PartialFile(Path path, ManifestFile file, FileChannel channel, boolean hashesAside) {
    this.path = path;
    this.file = file;
    this.channel = channel;
    this.hashesAside = hashesAside;
    this.hash = newHash();
  }

  static PartialFile open(Path directory, ManifestFile file) throws IOException {
    return open(directory, file, false);
  }

  /**
   * Opens what is there, or begins.
   *
   * @param hashesAside on a thread of its own
   */
  static PartialFile open(Path directory, ManifestFile file, boolean hashesAside)
      throws IOException {
    Files.createDirectories(directory);
    Path path = path(directory, file);
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    PartialFile partial = new PartialFile(path, file, channel, hashesAside);
    try {
      partial.takeUp();
      if (file.size() >= PREALLOCATED) {
        Preallocation.keep(path, partial.length, file.size());
      }
      return partial;
    } catch (IOException | RuntimeException e) {
      partial.close();
      throw e;
    }
  }

  private void takeUp() throws IOException {
    // Without a digest nothing would tell bytes that a power cut spoilt.
    if (channel.size() > file.size() || file.digest() == null) {
      startOver();
      return;
    }
    while (length < channel.size()) {
      byte[] buffer = hash.buffer();
      int count = Math.max(0, channel.read(ByteBuffer.wrap(buffer), length));
      length += count;
      hash.pass(buffer, count);
    }
  }

  /** Bytes that are there. */
  long length() {
    return length;
  }

  /** A buffer to fill and to give to {@link #append}, in any case. */
  byte[] buffer() throws IOException {
    return hash.buffer();
  }

  /**
   * Writes what a {@link #buffer} holds, which is hashed meanwhile.
   *
   * @param count zero when nothing came
   */
  void append(byte[] bytes, int count) throws IOException {
    if (length + count > file.size()) {
      throw new IOException("more bytes than the " + file.size() + " of " + file.path());
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    while (buffer.hasRemaining()) {
      length += channel.write(buffer, length);
    }
    hash.pass(bytes, count);
  }

  /** What is there; empty for a file whose source names no digest. Call once, when it is whole. */
  Optional<Digest> digest() throws IOException {
    return hash.finish();
  }

  void startOver() throws IOException {
    channel.truncate(0);
    length = 0;
    hash.close();
    hash = newHash();
  }

  /** Makes what was written last through a power cut, and gives its path. */
  Path force() throws IOException {
    channel.force(true);
    return path;
  }

  @Override
  public void close() throws IOException {
    hash.close();
    channel.close();
  }

  private HashPipe newHash() {
    return new HashPipe(Optional.ofNullable(file.digest()), file.size(), hashesAside);
  }

  /** Bytes that an interrupted run left of a file. */
  static long left(Path directory, ManifestFile file) throws IOException {
    Path path = path(directory, file);
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? Math.min(Files.size(path), file.size())
        : 0;
  }

  private static Path path(Path directory, ManifestFile file) {
    return directory.resolve(name(file) + ".partial");
  }

  /** Tells a file's beginnings from those of others. */
  static String name(ManifestFile file) {
    // The path too: two files with equal bytes are loaded side by side.
    return ContentHasher.sha256(file.contentKey() + "\n" + file.path());
  }
}
