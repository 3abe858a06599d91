package io.llmaz.source;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads what {@link BundleWriter} wrote. Trusts nobody: lengths are bounded and paths checked
 * before anything is kept. Digests are the caller's concern. For one thread.
 */
public final class BundleReader {
  private static final int LONGEST_PATH = 4096;

  private final DataInputStream in;

  /**
   * A file of a bundle.
   *
   * @param path safe to resolve below a directory
   * @param content all of it
   */
  public record Entry(String path, byte[] content) {
    public Entry {
      SafePath.check(path);
    }
  }

  public BundleReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * The next file; empty at the bundle's end.
   *
   * @throws IOException when the stream ends before the bundle does, or holds something else
   */
  public Optional<Entry> next() throws IOException {
    int nameLength = in.readInt();
    if (nameLength == 0) {
      return Optional.empty();
    }
    byte[] name = read(nameLength, LONGEST_PATH);
    byte[] content = read(in.readInt(), BundleWriter.LARGEST_FILE);
    try {
      return Optional.of(
          new Entry(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString(),
              content));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new IOException("not a bundle: " + e.getMessage(), e);
    }
  }

  private byte[] read(int length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException("not a bundle: a part of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the bundle broke off");
    }
    return bytes;
  }
}
