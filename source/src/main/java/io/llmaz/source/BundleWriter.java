package io.llmaz.source;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Many small files as one stream. An entry is the length of its path in bytes (4 bytes, big-endian,
 * as all numbers here), the path in UTF-8, the length of its content (4 bytes), the content; a path
 * of length zero ends the bundle. For one thread.
 */
public final class BundleWriter {
  /** Media type of a bundle. */
  public static final String MEDIA_TYPE = "application/vnd.llmaz.bundle.v1";

  /** The largest file that fits in, in bytes. */
  public static final int LARGEST_FILE = 4 << 20;

  private final DataOutputStream out;

  public BundleWriter(OutputStream out) {
    this.out = new DataOutputStream(out);
  }

  /** How long the bundle of these files is, in bytes. */
  public static long length(Collection<ManifestFile> files) {
    return Integer.BYTES
        + files.stream()
            .mapToLong(file ->
                2L * Integer.BYTES
                    + file.path().getBytes(StandardCharsets.UTF_8).length
                    + file.size())
            .sum();
  }

  /** Writes a file. */
  public void add(String path, byte[] content) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    out.writeInt(name.length);
    out.write(name);
    out.writeInt(content.length);
    out.write(content);
  }

  /** Writes the end; the stream stays open. */
  public void end() throws IOException {
    out.writeInt(0);
    out.flush();
  }
}
